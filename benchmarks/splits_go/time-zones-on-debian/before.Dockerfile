FROM golang:1.24
ENV TZ=Asia/Tokyo
WORKDIR /app
COPY . .
RUN go build -o clock .
CMD ["./clock"]
