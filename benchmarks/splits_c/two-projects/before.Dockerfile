FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends g++ make cmake pkg-config && rm -rf /var/lib/apt/lists/*
COPY boat /tmp/boat
COPY ferry /tmp/ferry
RUN cd /tmp/boat && cmake . && make install && ldconfig && cd /tmp/ferry && make install PREFIX=/opt/ferry && rm -rf /tmp/boat /tmp/ferry
ENV PATH=/opt/ferry/bin:$PATH
CMD ["ferry"]
