FROM haskell:9
WORKDIR /opt/shop
COPY . .
RUN stack build --copy-bins --local-bin-path /usr/local/bin
ENTRYPOINT ["shop"]
