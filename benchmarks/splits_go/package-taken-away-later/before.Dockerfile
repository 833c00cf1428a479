FROM debian:bookworm
RUN apt-get update && apt-get install -y golang
COPY . /src
RUN cd /src && CGO_ENABLED=0 go build -o /usr/bin/shop .
RUN apt-get purge -y golang golang-go && apt-get autoremove -y && rm -rf /src
CMD ["/usr/bin/shop"]
