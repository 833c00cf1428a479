FROM debian:trixie-slim
RUN rm -f /etc/apt/apt.conf.d/docker-clean
COPY packages.txt /etc/packages.txt
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked --mount=type=cache,target=/var/lib/apt,sharing=locked \
    apt-get update && xargs -a /etc/packages.txt apt-get install -y --no-install-recommends
WORKDIR /srv
CMD ["tree", "/srv"]
