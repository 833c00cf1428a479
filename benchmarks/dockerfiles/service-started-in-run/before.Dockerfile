FROM debian:trixie-slim
RUN apt-get update && apt-get install -y --no-install-recommends redis-server redis-tools
RUN redis-server --daemonize yes --dir /var/lib/redis && sleep 1 && redis-cli set colour green && redis-cli shutdown save
RUN redis-server --daemonize yes --dir /var/lib/redis && sleep 1 && redis-cli get colour > /colour && redis-cli shutdown nosave
RUN rm -rf /var/lib/apt/lists/*
RUN chown redis:redis /var/lib/redis/dump.rdb
CMD ["redis-server", "--dir", "/var/lib/redis"]
