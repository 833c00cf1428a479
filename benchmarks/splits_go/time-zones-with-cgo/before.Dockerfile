FROM golang:1.24-trixie
WORKDIR /app
COPY . .
RUN CGO_ENABLED=1 go build -o clock .
CMD ["./clock"]
