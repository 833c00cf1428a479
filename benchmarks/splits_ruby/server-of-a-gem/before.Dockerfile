FROM ruby:3
RUN apt-get update && apt-get install -y --no-install-recommends build-essential && rm -rf /var/lib/apt/lists/*
WORKDIR /shop
COPY . .
RUN mkdir -p vendor/cache && cd adder && gem build adder.gemspec && cp adder-1.0.gem ../vendor/cache/
RUN bundle install --local && bundle exec ruby assets.rb
EXPOSE 8000
ENTRYPOINT ["./start.sh"]
