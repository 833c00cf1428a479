FROM golang:1.24-alpine
WORKDIR /src
COPY . .
RUN go build -o /usr/local/bin/one ./cmd/one && go build -o /usr/local/bin/two ./cmd/two
CMD ["sh", "/src/both.sh"]
