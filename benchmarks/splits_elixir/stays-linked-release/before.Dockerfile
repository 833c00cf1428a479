FROM erlang:26
WORKDIR /build
COPY . .
RUN rebar3 release
EXPOSE 4000
CMD ["/build/_build/default/rel/shop/bin/shop", "foreground"]
