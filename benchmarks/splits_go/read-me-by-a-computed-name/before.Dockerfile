FROM golang:1.24
WORKDIR /app
COPY . .
RUN go build -o app .
CMD ["./app", "README.md", "LICENSE", "Makefile", "testdata/x.json", "main.go", "none"]
