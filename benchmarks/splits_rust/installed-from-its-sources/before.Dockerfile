FROM rust:1
WORKDIR /usr/src/shop
COPY . .
RUN cargo install --path .
WORKDIR /
CMD ["shop", "reader"]
