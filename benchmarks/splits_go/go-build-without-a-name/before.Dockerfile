FROM golang:1.24
MAINTAINER someone@example.org
COPY . /build
WORKDIR /build
RUN go vet ./... && go test ./...
RUN go build
CMD ["/build/shop", "one", "two"]
