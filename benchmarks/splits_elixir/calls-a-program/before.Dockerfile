FROM elixir:1.14
RUN apt-get update && apt-get install -y --no-install-recommends jq build-essential && rm -rf /var/lib/apt/lists/*
WORKDIR /app
ENV MIX_ENV=prod
COPY . .
RUN mix release
EXPOSE 4000
CMD ["_build/prod/rel/shop/bin/shop", "start"]
