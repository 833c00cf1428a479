FROM golang:1.24
WORKDIR /app
COPY . .
RUN go build ./...
CMD ["go", "run", "main.go", "you"]
