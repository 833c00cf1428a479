FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev make && rm -rf /var/lib/apt/lists/*
COPY . /usr/src/app
RUN make -C /usr/src/app PREFIX=/usr/local install && ldconfig && rm -rf /usr/src/app
CMD ["host"]
