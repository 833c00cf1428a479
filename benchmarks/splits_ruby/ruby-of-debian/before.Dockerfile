FROM debian:trixie-slim
RUN apt-get update && apt-get install -y --no-install-recommends ruby ruby-dev gcc make libc6-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /shop
COPY . .
RUN cd adder && gem build adder.gemspec && gem install --local adder-1.0.gem
CMD ["ruby", "shop.rb"]
