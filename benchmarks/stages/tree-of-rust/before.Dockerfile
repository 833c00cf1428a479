FROM rust:1 AS build
WORKDIR /src
COPY . .
RUN cargo build --release --offline

FROM debian:trixie-slim
COPY --from=build /src/target /opt/hello
CMD ["/opt/hello/release/hello"]
