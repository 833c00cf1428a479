FROM node:22
COPY --chown=node:node shop /srv/shop
RUN cd /srv/shop && \
    npm ci --no-audit && \
    npm run build
WORKDIR /srv/shop
USER node
CMD ["node", "server.js"]
