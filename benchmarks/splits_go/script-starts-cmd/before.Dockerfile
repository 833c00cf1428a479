FROM golang:1.24-alpine
WORKDIR /src
COPY . .
RUN go install .
COPY docker/entry.sh /usr/local/bin/
RUN chmod 755 /usr/local/bin/entry.sh
WORKDIR /data
ENTRYPOINT ["entry.sh"]
CMD ["shop", "-n", "3"]
