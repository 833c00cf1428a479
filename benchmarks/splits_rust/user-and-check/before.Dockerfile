FROM rust:1
RUN useradd -m app
WORKDIR /shop
COPY . .
RUN cargo build --release && mkdir data && chown app data
USER app
EXPOSE 8000
HEALTHCHECK CMD curl -f http://localhost:8000/ || exit 1
CMD ["./target/release/shop"]
