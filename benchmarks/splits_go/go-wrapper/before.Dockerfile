FROM golang:1.8
ENV GO111MODULE=off
COPY go-wrapper /usr/local/bin/
WORKDIR /go/src/app
COPY . .
RUN go-wrapper install
CMD ["go-wrapper", "run", "one"]
