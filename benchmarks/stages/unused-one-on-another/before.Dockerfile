ARG VERSION=12
FROM debian:$VERSION AS fetch
COPY words /words

FROM fetch AS merge
ENV SORTED=yes

FROM alpine:3.20
COPY words /srv/words
CMD ["cat", "/srv/words"]
