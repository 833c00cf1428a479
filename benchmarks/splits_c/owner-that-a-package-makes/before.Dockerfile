FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends dbus openssh-client polkitd && rm -rf /var/lib/apt/lists/*
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev make mosquitto && rm -rf /var/lib/apt/lists/*
RUN mkdir -p /data && chown mosquitto /data
COPY . /src
RUN cd /src && make install PREFIX=/opt/own
CMD ["/opt/own/bin/own"]
