FROM elixir:1.14
WORKDIR /app
COPY . .
RUN mix escript.build
CMD ["./shop"]
