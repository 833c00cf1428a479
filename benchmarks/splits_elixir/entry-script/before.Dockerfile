FROM elixir:1.14
WORKDIR /app
ENV MIX_ENV=prod NAME=shop
COPY . .
RUN mix release
EXPOSE 4000
ENTRYPOINT ["/app/entrypoint.sh"]
