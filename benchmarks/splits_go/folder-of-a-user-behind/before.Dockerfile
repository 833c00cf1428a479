FROM golang:1.24-alpine
RUN addgroup -S app && adduser -S -G app app
WORKDIR /src
COPY . .
RUN go build -o /usr/local/bin/app .
USER app
WORKDIR /work
CMD ["app", "x", "/src/y", "/home/app/z"]
