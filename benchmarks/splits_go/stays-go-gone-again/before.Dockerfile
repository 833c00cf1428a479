FROM alpine:3.23
COPY . /src
RUN apk add --no-cache --virtual build go && cd /src && go build -o /shop . && apk del build
ENTRYPOINT ["/shop", "/etc/hostname"]
