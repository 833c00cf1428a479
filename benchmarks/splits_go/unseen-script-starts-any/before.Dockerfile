FROM golang:1.24
WORKDIR /src/shop
COPY . .
RUN go install ./...
CMD ["/src/shop/run.sh"]
