FROM debian:trixie-slim
RUN apt-get update && apt-get install -y --no-install-recommends wget ca-certificates unzip zip && rm -rf /var/lib/apt/lists/*
RUN mkdir -p /tmp/work && head -c 2000000 /dev/zero > /tmp/work/blank && gzip -kn /tmp/work/blank && cp /tmp/work/blank.gz /opt/
RUN wget -q -O /tmp/hello.tgz http://deb.debian.org/debian/pool/main/h/hello/hello_2.10.orig.tar.gz && tar xzf /tmp/hello.tgz -C /opt
COPY list.txt /srv/list.txt
RUN cp /srv/list.txt /tmp/list && sort /tmp/list > /srv/sorted.txt
COPY list.txt /srv/other.txt
RUN rm -rf /tmp/*
ENV TMPDIR=/var/tmp
RUN f=$(mktemp) && echo data > "$f" && cp "$f" /srv/data
CMD ["cat", "/srv/sorted.txt"]
