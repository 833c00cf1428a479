FROM haskell:9
WORKDIR /app
COPY app/ .
RUN ghc --make Main.hs
CMD ["runghc", "Main.hs"]
