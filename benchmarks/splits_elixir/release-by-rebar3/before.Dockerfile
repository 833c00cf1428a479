FROM erlang:26
WORKDIR /build
COPY . .
RUN rebar3 as prod release
EXPOSE 4000
CMD ["/build/_build/prod/rel/shop/bin/shop", "foreground"]
