FROM alpine:3.19
RUN apk update
RUN apk add curl git
RUN apk add --update tzdata
RUN cp /usr/share/zoneinfo/Europe/Berlin /etc/localtime && echo Europe/Berlin > /etc/timezone
RUN apk del tzdata
RUN rm -rf /var/cache/apk/*
CMD ["git", "--version"]
