FROM ruby:3-slim
WORKDIR /shop
COPY . .
RUN apt-get update && apt-get install -y --no-install-recommends build-essential && cd adder && gem build adder.gemspec && gem install --local adder-1.0.gem && apt-get purge -y --auto-remove build-essential
CMD ["ruby", "shop.rb"]
