FROM haskell:9
WORKDIR /app
COPY . .
RUN cabal install --installdir=/app/bin
CMD ["./bin/shop"]
