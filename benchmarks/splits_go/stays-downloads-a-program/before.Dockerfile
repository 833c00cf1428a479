FROM golang:1.24
WORKDIR /app
COPY . .
RUN go build -o app . && cp /usr/bin/git /usr/local/bin/vcs
CMD ["./app"]
