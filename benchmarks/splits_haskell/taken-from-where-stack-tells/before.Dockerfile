FROM haskell:9
WORKDIR /opt/shop
COPY . .
RUN stack build && cp "$(stack path --local-install-root)/bin/shop" /usr/local/bin/
WORKDIR /
CMD ["shop"]
