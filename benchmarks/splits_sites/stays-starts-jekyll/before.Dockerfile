FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends jekyll
WORKDIR /src
COPY . .
RUN jekyll build
CMD ["jekyll", "serve", "-H", "0.0.0.0"]
