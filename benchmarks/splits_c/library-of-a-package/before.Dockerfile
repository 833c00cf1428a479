FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends build-essential zlib1g-dev libssl-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /work
COPY . .
RUN gcc -o digest digest.c -lcrypto -lz
RUN apt-get purge -y build-essential
CMD ["./digest"]
