FROM debian:trixie-slim
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked rm -f /etc/apt/apt.conf.d/docker-clean && apt-get update && apt-get install -y --no-install-recommends make
RUN --mount=type=bind,source=Makefile,target=/in/Makefile make -f /in/Makefile > /made
RUN echo plain >> /made
RUN apt-get update && apt-get install -y --no-install-recommends patch
CMD ["cat", "/made"]
