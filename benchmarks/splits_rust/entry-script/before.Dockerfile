FROM rust:1
WORKDIR /shop
COPY . .
RUN cargo install --path . && chmod +x start.sh
ENTRYPOINT ["./start.sh"]
