FROM elixir:1.14
WORKDIR /app
ENV MIX_ENV=prod
COPY . .
RUN mix release
EXPOSE 4000
COPY run.sh /run.sh
CMD ["/run.sh"]
