FROM ruby:3-slim
RUN apt-get update && apt-get install -y --no-install-recommends build-essential && rm -rf /var/lib/apt/lists/*
ENV BUNDLE_PATH=/gems
WORKDIR /shop
COPY . .
RUN mkdir -p vendor/cache && cd adder && gem build adder.gemspec && cp adder-1.0.gem ../vendor/cache/
RUN bundle install --local
CMD ["bundle", "exec", "ruby", "shop.rb"]
