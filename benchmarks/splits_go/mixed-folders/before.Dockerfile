FROM golang:1.24-alpine
RUN apk add --no-cache git
WORKDIR /app
COPY . .
RUN go build -o bin/web ./web
CMD ["bin/web"]
