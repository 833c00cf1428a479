FROM golang:1.24
COPY own.crt /usr/local/share/ca-certificates/
RUN update-ca-certificates
WORKDIR /app
COPY . .
RUN go build -o app .
CMD ["./app"]
