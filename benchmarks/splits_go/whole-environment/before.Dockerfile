FROM golang:1.24-alpine
ENV GOPROXY=off COLOUR="light red" GOPATH=/go
WORKDIR /app
COPY . .
RUN go build -o app .
CMD ["./app"]
