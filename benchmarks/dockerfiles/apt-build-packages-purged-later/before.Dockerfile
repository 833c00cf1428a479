FROM debian:trixie-slim
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev make
WORKDIR /usr/src/clock
COPY clock.c Makefile ./
RUN make && make install
RUN apt-get purge -y gcc libc6-dev make
RUN apt-get autoremove -y && rm -rf /var/lib/apt/lists/*
WORKDIR /
RUN rm -rf /usr/src/clock
CMD ["clock"]
