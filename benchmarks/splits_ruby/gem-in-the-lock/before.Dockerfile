FROM ruby:3
RUN apt-get update && apt-get install -y --no-install-recommends build-essential && rm -rf /var/lib/apt/lists/*
WORKDIR /shop
COPY . .
RUN cd sqlite3 && gem build sqlite3.gemspec && gem install --local sqlite3-1.0.gem
CMD ["ruby", "shop.rb"]
