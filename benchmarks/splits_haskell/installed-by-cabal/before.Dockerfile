FROM haskell:9
WORKDIR /opt/shop
COPY . .
RUN cabal install
LABEL org.opencontainers.image.title="shop"
WORKDIR /data
CMD ["shop"]
