FROM debian:bookworm
COPY hello.c /tmp/hello.c
RUN buildDeps="gcc libc6-dev" && apt-get update && apt-get install -y --no-install-recommends $buildDeps \
    && gcc -o /usr/local/bin/hello /tmp/hello.c && apt-get purge -y --auto-remove $buildDeps && rm -rf /var/lib/apt/lists/*
CMD ["hello"]
