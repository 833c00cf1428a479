FROM haskell:9
WORKDIR /opt/shop
COPY . .
RUN cabal install
CMD ["shop"]
