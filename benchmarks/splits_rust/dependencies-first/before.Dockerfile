FROM rust:1
RUN USER=root cargo new --bin shop
WORKDIR /shop
COPY Cargo.toml ./
COPY greeter ./greeter
RUN cargo build --release
RUN rm -r src/*.rs target/release/deps/shop*
COPY src ./src
RUN cargo build --release
CMD ["./target/release/shop", "reader"]
