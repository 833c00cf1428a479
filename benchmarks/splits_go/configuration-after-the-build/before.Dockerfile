FROM golang:1.24
WORKDIR /src
COPY main.go go.mod ./
RUN CGO_ENABLED=0 go build -o /usr/bin/reader .
RUN mkdir -p /etc/reader /var/spool/reader
COPY conf/reader.conf /etc/reader/
ENTRYPOINT ["/usr/bin/reader"]
CMD ["/etc/reader/reader.conf"]
