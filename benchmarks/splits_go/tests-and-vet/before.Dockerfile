FROM golang:1.24
WORKDIR /app
COPY go.mod ./
RUN go mod download && go mod verify
COPY . .
RUN go vet ./... && go test ./... && gofmt -l . && go build -trimpath -o /bin/shop .
ENTRYPOINT ["/bin/shop"]
