FROM elixir:1.14-otp-26
WORKDIR /work
COPY . .
RUN MIX_ENV=prod mix release
CMD ["/work/_build/prod/rel/shop/bin/shop", "eval", "Shop.main()"]
