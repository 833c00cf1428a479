FROM alpine:3.20 AS words
COPY words /words

FROM alpine:3.20
COPY words /srv/words
CMD ["cat", "/srv/words"]
