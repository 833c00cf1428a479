FROM haskell:9
WORKDIR /src
COPY app/ .
RUN ghc --make Main.hs
CMD ["./Main"]
