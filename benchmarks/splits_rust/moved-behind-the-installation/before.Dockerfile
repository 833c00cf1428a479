FROM rust:1
WORKDIR /src
COPY . .
RUN cargo install --path . && mv /usr/local/cargo/bin/shop /usr/local/bin/shop
WORKDIR /
CMD ["shop"]
