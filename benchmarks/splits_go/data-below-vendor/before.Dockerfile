FROM golang:1.24
WORKDIR /app
COPY . .
RUN go build -mod=vendor -o app .
CMD ["./app"]
