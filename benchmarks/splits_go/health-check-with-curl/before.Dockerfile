FROM golang:1.24
HEALTHCHECK CMD curl -f http://localhost:8080/ || exit 1
WORKDIR /app
COPY . .
RUN go build -o server .
CMD ["/app/server"]
