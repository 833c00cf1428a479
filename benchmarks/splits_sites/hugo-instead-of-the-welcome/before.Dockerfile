FROM nginx:1.22
RUN apt-get update && apt-get install -y --no-install-recommends hugo git && rm -rf /var/lib/apt/lists/*
WORKDIR /site
COPY . .
RUN rm -rf /usr/share/nginx/html/* && hugo && mv public/* /usr/share/nginx/html/ && rm /etc/nginx/conf.d/default.conf
COPY site.conf /etc/nginx/conf.d/site.conf
EXPOSE 80
