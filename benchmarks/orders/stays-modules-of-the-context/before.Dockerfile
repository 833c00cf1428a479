FROM node:22
WORKDIR /srv/shop
COPY . .
RUN npm ci
