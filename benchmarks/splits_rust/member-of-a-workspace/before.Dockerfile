FROM rust:1
WORKDIR /shop
COPY . .
RUN cargo build --release -p server
ENTRYPOINT ["/shop/target/release/server"]
CMD ["reader"]
