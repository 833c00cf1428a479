FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev meson ninja-build && rm -rf /var/lib/apt/lists/*
COPY . /src
WORKDIR /src
RUN meson setup --prefix=/usr/local build && ninja -C build && ninja -C build install
WORKDIR /srv
RUN rm -rf /src
CMD ["hello"]
