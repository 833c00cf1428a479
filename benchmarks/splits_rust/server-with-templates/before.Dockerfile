FROM rust:1
WORKDIR /shop
COPY . .
RUN cargo build --release
EXPOSE 8000
CMD ["./target/release/shop"]
