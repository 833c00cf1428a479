FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev make && rm -rf /var/lib/apt/lists/*
COPY . /src
RUN cd /src && make install PREFIX=/opt/greet && cd / && rm -rf /src
RUN echo /opt/greet/lib > /etc/ld.so.conf.d/greet.conf && ldconfig && ln -s /opt/greet/bin/greet /usr/bin/hello
CMD ["hello"]
