FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends mkdocs lighttpd && rm -rf /var/lib/apt/lists/*
COPY . /docs
RUN mkdocs build -f /docs/mkdocs.yml -d /var/www/html
CMD ["lighttpd", "-D", "-f", "/etc/lighttpd/lighttpd.conf"]
