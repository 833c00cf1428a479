FROM elixir:1.14
ENV APP=/app
WORKDIR ${APP}
ENV MIX_ENV=prod REPLACE_OS_VARS=true
COPY mix.exs .
RUN mix local.rebar --if-missing --force rebar3 /usr/bin/rebar3 && mix deps.get --only prod
COPY lib ./lib
RUN mix release
WORKDIR ${APP}/_build/prod/rel/shop
EXPOSE 4000
CMD bin/shop start
