FROM golang:1.24
WORKDIR /app
COPY . .
RUN go build -o /usr/local/bin/assets ./cmd/assets && assets && go build -o app .
CMD ["./app"]
