FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev make bash curl tini && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY . .
RUN make && make install DESTDIR=/stage
ENV PATH=/stage/usr/bin:$PATH
ENTRYPOINT ["tini", "--"]
CMD ["answer"]
