FROM elixir:1.14
WORKDIR /app
ENV MIX_ENV=prod
COPY . .
RUN mix compile
EXPOSE 4000
CMD ["mix", "run", "--no-halt"]
