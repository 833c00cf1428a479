FROM elixir:1.14
RUN groupadd -r app && useradd -r -g app app
WORKDIR /app
ENV MIX_ENV=prod
COPY . .
RUN mix release && chown -R app:app /app
USER app
EXPOSE 4000
CMD ["/app/_build/prod/rel/shop/bin/shop", "start"]
