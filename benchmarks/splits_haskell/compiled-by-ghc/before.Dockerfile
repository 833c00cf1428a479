FROM haskell:9
COPY app/Main.hs /src/Main.hs
WORKDIR /src
RUN ghc -O1 -o /usr/local/bin/shop Main.hs
CMD ["shop"]
