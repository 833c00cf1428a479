FROM golang:1.24
WORKDIR /app
COPY go.mod .
COPY *.go ./
RUN go build -ldflags "-s -w" -o /app/shop
COPY etc /etc/shop
COPY settings.json /app/
CMD ["/app/shop", "-c", "/etc/shop/shop.json"]
