FROM golang:1.24-alpine
WORKDIR /app
COPY . .
RUN go build -o server .
HEALTHCHECK --interval=5s CMD wget -q -O - http://localhost:8080/ || exit 1
STOPSIGNAL SIGINT
VOLUME /var/lib/server
LABEL a="b c" d=e
EXPOSE 8080/tcp
CMD ["/app/server"]
