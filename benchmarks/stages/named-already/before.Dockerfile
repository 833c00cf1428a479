FROM golang:1.24 AS Compiler
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /hello .

FROM alpine:3.20
COPY --from=0 /hello /usr/local/bin/
COPY --from=compiler /src/go.mod /srv/
CMD ["hello"]
