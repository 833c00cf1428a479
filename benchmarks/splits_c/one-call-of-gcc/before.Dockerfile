FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
COPY hello.c /tmp/hello.c
RUN gcc -O2 -o /usr/local/bin/hello /tmp/hello.c && strip /usr/local/bin/hello
ENTRYPOINT ["/usr/local/bin/hello"]
