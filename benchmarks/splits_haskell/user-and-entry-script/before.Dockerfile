FROM haskell:9
WORKDIR /src
COPY shop.cabal stack.yaml ./
COPY app app
RUN stack install --local-bin-path /usr/local/bin && useradd --create-home seller
COPY start.sh /start.sh
USER seller
WORKDIR /home/seller
HEALTHCHECK CMD shop
ENTRYPOINT ["/start.sh"]
CMD ["open"]
