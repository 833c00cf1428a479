FROM node:24
WORKDIR /game
COPY . .
RUN cd client && npm install && npm run build && cp -r build ../server/public
RUN npm --prefix server install
RUN mkdir -p /game/saves && chown node:node /game/saves
VOLUME /game/saves
WORKDIR /game/server
EXPOSE 3000
CMD ["node", "index.js"]
