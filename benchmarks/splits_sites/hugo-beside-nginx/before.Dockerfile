FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends hugo nginx && rm -rf /var/lib/apt/lists/*
COPY . /src
RUN cd /src && hugo && cp -r public/. /var/www/html/ && ln -sf /dev/stdout /var/log/nginx/access.log
EXPOSE 80
CMD nginx -g "daemon off;"
