FROM ubuntu:22.04
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates curl golang-go \
    && rm -rf /var/lib/apt/lists/*
RUN useradd -m -u 1500 shop
ENV GREETING=hello
WORKDIR /home/shop/app
COPY . .
RUN go build -o server . && chown -R shop /home/shop
USER shop
HEALTHCHECK CMD curl -f http://localhost:8080/ || exit 1
ENTRYPOINT ["/home/shop/app/server"]
