FROM elixir:1.14
WORKDIR /app
ENV MIX_ENV=prod
COPY mix.exs ./
RUN mix deps.get
COPY lib lib
COPY priv priv
RUN mix do compile, release
EXPOSE 4000
CMD ["_build/prod/rel/shop/bin/shop", "start"]
