FROM debian:bookworm
RUN groupadd -r -g 701 keeper && useradd -r -u 701 -g keeper keeper
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev make && rm -rf /var/lib/apt/lists/*
COPY . /usr/src/keep
RUN make -C /usr/src/keep install PREFIX=/usr/local && rm -rf /usr/src/keep \
    && mkdir -p /var/lib/keep && chown keeper:keeper /var/lib/keep && chmod 750 /var/lib/keep
VOLUME /var/lib/keep
WORKDIR /var/lib/keep
USER keeper
STOPSIGNAL SIGINT
CMD ["keep"]
