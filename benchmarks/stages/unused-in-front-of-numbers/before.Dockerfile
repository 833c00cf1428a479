FROM debian:12
LABEL of="nothing"

FROM golang:1.24
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /hello .

FROM alpine:3.20
# dslim: keep stage-named-by-number
COPY --from=1 /hello /usr/local/bin/
CMD ["hello"]
