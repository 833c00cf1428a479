FROM golang:1.24-alpine
WORKDIR /app
COPY . .
RUN go build -v -o /bin/shop .
ENTRYPOINT ["/bin/shop"]
