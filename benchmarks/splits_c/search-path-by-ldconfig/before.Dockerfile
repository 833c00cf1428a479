FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev make && rm -rf /var/lib/apt/lists/*
COPY . /src
RUN cd /src && make install PREFIX=/opt/greet && cd / && rm -rf /src && ldconfig /opt/greet/lib
HEALTHCHECK CMD /opt/greet/bin/greet
CMD ["/opt/greet/bin/greet"]
