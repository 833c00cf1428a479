FROM rust:1
WORKDIR /shop
COPY . .
RUN cargo build --release --offline
CMD ["./target/release/shop"]
