FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
COPY main.c /main.c
RUN gcc /main.c && chmod u+s /a.out
CMD ["/a.out"]
