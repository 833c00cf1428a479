FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev make && rm -rf /var/lib/apt/lists/*
COPY src /usr/src/echoer
RUN cd /usr/src/echoer && ./configure --prefix=/usr/local/echoer --sysconfdir=/etc/echoer && make && make install
COPY entry.sh /entry.sh
ENV WORD=again
ENTRYPOINT ["/entry.sh"]
CMD ["echoer"]
