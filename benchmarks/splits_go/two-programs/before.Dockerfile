FROM golang:1.24
WORKDIR /src
COPY . .
RUN go install ./cmd/one ./cmd/two
COPY both.sh /usr/local/bin/both
ENTRYPOINT ["both"]
