FROM rust:1
WORKDIR /shop
COPY . .
RUN cargo build --release
CMD ["cargo", "run", "--release"]
