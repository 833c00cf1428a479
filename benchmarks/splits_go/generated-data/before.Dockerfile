FROM golang:1.24
WORKDIR /app
COPY . .
RUN go build -o app . && seq 1 100 > numbers.txt
CMD ["./app"]
