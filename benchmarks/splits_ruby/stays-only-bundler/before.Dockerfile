FROM ruby:3
RUN apt-get update && apt-get install -y --no-install-recommends build-essential && rm -rf /var/lib/apt/lists/*
RUN gem install bundler
WORKDIR /shop
COPY . .
CMD ["rails", "server"]
