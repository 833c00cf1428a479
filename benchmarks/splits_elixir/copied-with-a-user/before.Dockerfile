FROM elixir:1.14
RUN useradd -m shop
WORKDIR /src
ENV MIX_ENV=prod
COPY . .
RUN mix compile && mix release
RUN mkdir /opt/shop && cp -r _build/prod/rel/shop/. /opt/shop/ && chown -R shop /opt/shop
USER shop
WORKDIR /opt/shop
EXPOSE 4000
HEALTHCHECK CMD bin/shop pid
CMD ["bin/shop", "start"]
