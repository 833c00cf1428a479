FROM golang:1.24-alpine
RUN mkdir -p /run/shop
WORKDIR /app
COPY . .
RUN go build -o app .
CMD ["./app"]
