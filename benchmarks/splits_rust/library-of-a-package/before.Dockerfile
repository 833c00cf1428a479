FROM debian:trixie-slim
RUN apt-get update && apt-get install -y --no-install-recommends cargo gcc libc6-dev libpq-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /shop
COPY . .
RUN cargo build --release
CMD ["./target/release/shop"]
