FROM golang:1.24
COPY main.go go.mod src/shop/
RUN cd src/shop && go build -o /go/bin/shop .
USER nobody
CMD ["shop", "x"]
