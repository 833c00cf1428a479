FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev make && rm -rf /var/lib/apt/lists/*
COPY . /src
RUN cd /src && make install PREFIX=/usr && rm -rf /src
CMD ["/usr/bin/hello"]
