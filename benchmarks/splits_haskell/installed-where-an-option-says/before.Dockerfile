FROM haskell:9-bookworm
COPY . /src
WORKDIR /src
RUN cabal install exe:shop --installdir=/usr/local/bin --install-method=copy
ENTRYPOINT ["/usr/local/bin/shop"]
