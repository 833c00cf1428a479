FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev make autoconf automake && rm -rf /var/lib/apt/lists/*
COPY . /usr/src/hello
RUN cd /usr/src/hello && autoreconf -i && ./configure && make && make install && rm -rf /usr/src/hello
CMD ["hello"]
