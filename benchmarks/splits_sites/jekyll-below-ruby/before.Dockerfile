FROM ruby:3
ENV LANG=C.UTF-8
RUN apt-get update && apt-get install -y --no-install-recommends jekyll nginx && rm -rf /var/lib/apt/lists/*
WORKDIR /blog
COPY . .
RUN /usr/bin/jekyll build -d /var/www/html
CMD ["nginx", "-g", "daemon off;"]
