FROM node:24
WORKDIR /srv/app
COPY . .
CMD node main.mjs
