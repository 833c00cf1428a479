FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
COPY hello.c /tmp/hello.c
RUN gcc -o /usr/local/bin/hello /tmp/hello.c && hello --init /var/lib
CMD ["hello"]
