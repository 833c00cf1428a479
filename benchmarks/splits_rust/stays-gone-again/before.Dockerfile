FROM debian:trixie-slim
WORKDIR /shop
COPY . .
RUN apt-get update && apt-get install -y cargo && cargo build --release && apt-get purge -y cargo && rm -rf /var/lib/apt/lists/*
CMD ["./target/release/shop"]
