FROM haskell:9
WORKDIR /app
COPY stack.yaml shop.cabal ./
RUN stack setup && stack build --only-dependencies
COPY . .
RUN stack --local-bin-path /usr/local/bin install
RUN mkdir -p /data && echo ready > /data/state
EXPOSE 8080
CMD ["shop"]
