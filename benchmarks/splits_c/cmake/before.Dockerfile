FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends g++ make cmake && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cmake -DCMAKE_INSTALL_PREFIX=/opt/sum -S . -B build && cmake --build build && cmake --install build
ENV PATH=/opt/sum/bin:$PATH
WORKDIR /data
CMD ["total", "2", "3"]
