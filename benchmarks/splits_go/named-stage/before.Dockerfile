FROM golang:1.24 AS shop
WORKDIR /app
COPY . .
RUN go build -o app .
CMD ["./app"]
