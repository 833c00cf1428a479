FROM golang:1.10
ENV GO111MODULE=off
ADD . /go/src/example.org/shop
WORKDIR /go/src/example.org/shop
RUN go install example.org/shop/cmd/till
ENV TILL_NAME north
ENTRYPOINT /go/bin/till
