FROM rust:1
ENV RUSTFLAGS="-C prefer-dynamic"
WORKDIR /shop
COPY . .
RUN cargo build --release
CMD ["./target/release/shop"]
