FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev make perl && rm -rf /var/lib/apt/lists/*
COPY . /src
RUN make -C /src PREFIX=/usr/local install
WORKDIR /srv
CMD ["report", "one"]
