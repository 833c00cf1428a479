FROM nginx:1.22
COPY . /src
RUN apt-get update && apt-get install -y --no-install-recommends hugo && hugo -s /src -d /usr/share/nginx/html && apt-get purge -y hugo
