FROM rust:1
ENV CARGO_TARGET_DIR=/out
COPY . /src
WORKDIR /src
RUN cargo build --release && cargo install --path . --root /opt/shop
WORKDIR /opt/shop
CMD ["sh", "-c", "/out/release/shop one && bin/shop two"]
