FROM alpine:3.23
RUN apk add --no-cache go zlib-dev
COPY . /src
RUN cd /src && go build -o /usr/bin/shop .
CMD ["/usr/bin/shop"]
