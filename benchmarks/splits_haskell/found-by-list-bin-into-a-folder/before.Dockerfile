FROM haskell:9
WORKDIR /src
COPY . .
RUN cabal build && cp $(cabal list-bin exe:shop) /usr/local/bin
WORKDIR /
CMD ["shop"]
