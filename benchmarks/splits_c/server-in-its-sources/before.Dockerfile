FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev make curl && rm -rf /var/lib/apt/lists/*
WORKDIR /srv/app
COPY . .
RUN make
EXPOSE 8080
HEALTHCHECK CMD curl -f http://localhost:8080/one.txt || exit 1
LABEL role=server
CMD ["./server"]
