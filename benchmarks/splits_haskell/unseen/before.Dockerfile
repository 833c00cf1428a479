FROM haskell:9
WORKDIR /build
COPY . .
RUN cabal install
WORKDIR /
ENTRYPOINT ["shop"]
