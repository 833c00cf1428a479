FROM golang:1.24
ENV GOFLAGS=-mod=mod GOPROXY=off PLAIN=1
WORKDIR /app
COPY . .
RUN go build -o app .
CMD ["./app"]
