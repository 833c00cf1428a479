FROM haskell:9
WORKDIR /app
COPY . .
RUN cabal build && cp "$(cabal list-bin shop)" /usr/local/bin/shop
CMD ["shop"]
