FROM golang:1.24-alpine
ENV PORT=8080 GOFLAGS=-mod=mod GREETING="good day"
ENV PATH=$PATH:/go/bin
WORKDIR $GOPATH/src/shop
COPY . .
RUN go install -ldflags "-s -w -X main.version=1.2" .
EXPOSE $PORT
CMD shop -port $PORT
