FROM golang:1.22
LABEL org.opencontainers.image.title="shop"
WORKDIR /srv/shop
COPY go.mod ./
RUN go mod download
COPY . .
RUN go build -o shop .
EXPOSE 8080
# what the container runs
CMD ["./shop"]
