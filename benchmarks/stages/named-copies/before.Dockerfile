FROM golang:1.24
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /out/hello . && echo settings > /out/hello.conf

FROM alpine:3.20
COPY --from=0 /out/hello /usr/local/bin/
COPY --from=0 --chown=1000 /out/hello.conf /etc/
CMD hello && stat -c %u /etc/hello.conf
