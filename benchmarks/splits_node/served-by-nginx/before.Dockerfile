FROM node:24
ARG TITLE=shop
ENV TITLE=$TITLE
RUN apt-get update && apt-get install -y --no-install-recommends nginx && rm -rf /var/lib/apt/lists/*
WORKDIR /var/www/shop
COPY . .
RUN bash -c 'npm install && npm run build'
COPY shop.conf /etc/nginx/nginx.conf
EXPOSE 8080
CMD ["nginx", "-g", "daemon off;"]
