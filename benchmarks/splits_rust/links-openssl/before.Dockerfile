FROM rust:1
WORKDIR /shop
COPY . .
RUN cargo install --path .
CMD ["shop"]
