FROM node:22-alpine
COPY . /srv/shop
WORKDIR /srv/shop
RUN npm install --omit=dev
CMD ["node", "server.js"]
