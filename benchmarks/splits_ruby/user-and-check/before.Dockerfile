FROM ruby:3-slim
RUN apt-get update && apt-get install -y --no-install-recommends build-essential curl && rm -rf /var/lib/apt/lists/* && useradd -m app
WORKDIR /shop
COPY --chown=app:app . .
RUN chown app /shop
USER app
RUN cd adder && gem build adder.gemspec && gem install --local adder-1.0.gem
EXPOSE 8000
HEALTHCHECK CMD curl -f http://localhost:8000/ || exit 1
CMD ["ruby", "server.rb"]
