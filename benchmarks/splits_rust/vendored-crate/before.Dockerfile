FROM rust:1
WORKDIR /shop
COPY . .
RUN cargo build --release --offline && cp target/release/shop /usr/local/bin/server
WORKDIR /data
CMD ["server", "reader"]
