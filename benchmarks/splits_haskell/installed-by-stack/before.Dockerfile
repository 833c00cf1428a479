FROM haskell:9
WORKDIR /opt/shop
COPY . .
RUN stack install
WORKDIR /
CMD ["shop"]
