FROM golang:1.24
WORKDIR /go/src/clock
COPY go.mod .
RUN go mod download
COPY *.go ./
RUN go vet ./...
RUN go test ./...
RUN CGO_ENABLED=0 go build -trimpath -ldflags='-buildid=' -o /usr/local/bin/clock .
EXPOSE 8080
ENTRYPOINT ["clock"]
