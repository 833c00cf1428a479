FROM debian:bookworm
RUN apt-get update && apt-get install -y golang-1.19-go
ENV GOROOT=/usr/lib/go-1.19 GOPATH=/go
ENV PATH=$GOPATH/bin:$GOROOT/bin:$PATH
WORKDIR /go/src/example.org/shop
COPY . .
RUN go install .
CMD shop
