FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
COPY sum.c /usr/src/sum.c
RUN gcc -fopenmp -o /usr/local/bin/sum /usr/src/sum.c
CMD ["sum"]
