FROM alpine:3.23
LABEL made.on="another system"
RUN mkdir -p /srv/app
RUN echo one > /srv/app/one && \
    echo two > /srv/app/two
# the last
RUN rm /srv/app/two
RUN apk update
RUN apk add curl
CMD ["ls", "/srv/app"]
