FROM ubuntu:22.04
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev make && rm -rf /var/lib/apt/lists/*
COPY . /opt/linked
RUN cd /opt/linked && make && ln -s /opt/linked/linked /usr/local/bin/linked && ln -s /opt/linked/data /data
CMD ["linked"]
