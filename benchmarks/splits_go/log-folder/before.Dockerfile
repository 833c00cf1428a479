FROM golang:1.24-alpine
RUN adduser -D -H app && mkdir -p /var/log/shop && chown app /var/log/shop
WORKDIR /app
COPY . .
RUN go build -o app .
USER app
CMD ["./app", "/var/log/shop/x"]
