FROM nginx:1.22
RUN apt-get update && apt-get install -y --no-install-recommends hugo && rm -rf /var/lib/apt/lists/*
COPY . /src
RUN hugo -s /src -d /usr/share/nginx/html --minify
