FROM golang:1.24-alpine
WORKDIR /app
COPY . .
ENTRYPOINT go run ./cmd/shop one "two three"
