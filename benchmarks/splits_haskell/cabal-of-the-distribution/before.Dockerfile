FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends ghc cabal-install && rm -rf /var/lib/apt/lists/*
RUN mkdir -p /etc/cabal && touch /etc/cabal/config
ENV CABAL_CONFIG=/etc/cabal/config LANG=C.UTF-8
WORKDIR /src
COPY . .
RUN cabal install --installdir=/usr/local/bin
WORKDIR /
CMD ["shop"]
