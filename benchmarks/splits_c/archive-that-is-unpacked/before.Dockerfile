FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev make && rm -rf /var/lib/apt/lists/*
COPY Makefile hello.c /tmp/pack/hello-1.0/
RUN cd /tmp/pack && tar -czf /root/hello.tar.gz hello-1.0 && rm -rf /tmp/pack
RUN cd /usr/src && tar -xzf /root/hello.tar.gz && cd hello-1.0 && make && make PREFIX=/usr/local install
CMD ["hello"]
