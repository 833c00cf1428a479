FROM haskell:9
WORKDIR /app
COPY . .
RUN cabal build
CMD ["./dist-newstyle/build/x86_64-linux/ghc-9.0.2/shop-0.1.0.0/x/shop/build/shop/shop"]
