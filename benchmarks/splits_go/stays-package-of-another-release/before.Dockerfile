FROM debian:bookworm
RUN echo "deb http://deb.debian.org/debian trixie main" > /etc/apt/sources.list.d/trixie.list \
    && apt-get update && apt-get install -y -t trixie golang
COPY . /src
RUN cd /src && go build -o /usr/bin/shop .
CMD ["/usr/bin/shop"]
