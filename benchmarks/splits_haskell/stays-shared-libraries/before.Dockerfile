FROM haskell:9
WORKDIR /src
COPY app/ .
RUN ghc -dynamic -o /usr/local/bin/shop Main.hs
CMD ["shop"]
