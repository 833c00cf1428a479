FROM haskell:9
WORKDIR /app
COPY . .
RUN cabal build
CMD ["./start.sh"]
