FROM elixir:1.14
WORKDIR /app
ENV MIX_ENV=prod
COPY . .
RUN mix release
EXPOSE 4000
CMD ["_build/prod/rel/shop/bin/shop", "start"]
