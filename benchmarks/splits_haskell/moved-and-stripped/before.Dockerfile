FROM haskell:9
WORKDIR /opt/shop
COPY . .
RUN stack install && strip /root/.local/bin/shop && mv /root/.local/bin/shop /usr/bin/
WORKDIR /
CMD ["shop"]
