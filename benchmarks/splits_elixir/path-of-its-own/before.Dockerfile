FROM elixir:1.14-slim
WORKDIR /app
ENV MIX_ENV=prod
COPY . .
RUN mix release --path /srv/shop
EXPOSE 4000
CMD ["/srv/shop/bin/shop", "start"]
