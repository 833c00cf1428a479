FROM golang:1.24-alpine
RUN adduser -D app && mkdir -p /spool/in && chmod 777 /spool && chmod 1777 /spool/in
WORKDIR /app
COPY . .
RUN go build -o app .
USER app
CMD ["./app", "/spool/a", "/spool/in/b", "/app/c", "x"]
