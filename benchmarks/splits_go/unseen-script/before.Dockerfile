FROM golang:1.24
WORKDIR /src
COPY . .
RUN go build -o /usr/local/bin/shop . && cp docker/entry.sh /usr/bin/entry.sh && cp prices.txt /etc/prices.txt
ENTRYPOINT ["entry.sh"]
CMD ["/etc/prices.txt"]
