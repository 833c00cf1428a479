FROM golang:1.24
WORKDIR /app
COPY . .
RUN go build -o app . && go build -buildmode=plugin -o p.so ./p
CMD ["./app"]
