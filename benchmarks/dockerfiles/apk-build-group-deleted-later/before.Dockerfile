FROM alpine:3.23
RUN apk add --virtual .tools gcc musl-dev make
WORKDIR /build
COPY ping.c Makefile ./
RUN make install && apk del .tools
RUN rm -rf /build
CMD ["pong"]
