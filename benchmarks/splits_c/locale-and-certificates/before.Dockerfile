FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev locales ca-certificates && sed -i "s/# de_DE.UTF-8/de_DE.UTF-8/" /etc/locale.gen && locale-gen && rm -rf /var/lib/apt/lists/*
ENV LC_ALL=de_DE.UTF-8
COPY number.c /tmp/number.c
RUN gcc -o /usr/bin/number /tmp/number.c && rm /tmp/number.c
CMD ["number"]
