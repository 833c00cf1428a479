FROM node:22
RUN mkdir -p /srv/shop && chown node:node /srv/shop
USER node
WORKDIR /srv/shop
COPY --chown=node:node . .
RUN npm ci
CMD ["node", "server.js"]
