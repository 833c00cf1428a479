FROM debian:trixie-slim
RUN apt-get update && apt-get install -y --no-install-recommends ruby bundler && rm -rf /var/lib/apt/lists/*
WORKDIR /usr/src/greet
COPY greet.gemspec ./
COPY lib ./lib
RUN gem build greet.gemspec
RUN gem install --local ./greet-0.1.0.gem
WORKDIR /srv
COPY Gemfile ./
RUN bundle config set --local path vendor
RUN bundle install --local
CMD ["ruby", "-e", "require 'greet'; puts Greet.hello"]
