FROM ubuntu:24.04
FROM alpine:3.20
WORKDIR /srv
COPY hello.sh .
CMD ["sh", "hello.sh"]
