FROM golang:1.24
WORKDIR /app
COPY . .
RUN go build -o server .
HEALTHCHECK --interval=10s CMD ["/app/server", "-check"]
CMD ["/app/server"]
