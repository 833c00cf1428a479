FROM erlang:26
WORKDIR /build
COPY . .
RUN rebar3 as prod tar && mkdir -p /opt/shop && tar -xzf _build/prod/rel/shop/shop-0.1.0.tar.gz -C /opt/shop && rm -rf _build
WORKDIR /opt/shop
EXPOSE 4000
ENTRYPOINT ["/opt/shop/bin/shop"]
CMD ["foreground"]
