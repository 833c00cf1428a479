FROM golang:1.24-alpine
ADD . /app
WORKDIR /app
RUN go install ./...
ENTRYPOINT ["shop"]
