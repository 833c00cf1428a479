FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends jekyll nginx curl && rm -rf /var/lib/apt/lists/*
ENV LANG=C.UTF-8
WORKDIR /srv/www
COPY . .
RUN jekyll build && rm /etc/nginx/sites-enabled/default
COPY site.conf /etc/nginx/sites-enabled/site
HEALTHCHECK CMD curl -f http://localhost/
CMD ["nginx", "-g", "daemon off;"]
