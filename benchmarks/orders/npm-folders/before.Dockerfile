FROM node:22-alpine
WORKDIR /srv/shop
COPY package.json package-lock.json ./
COPY src src
COPY public ./public
RUN npm ci && npm cache clean --force
CMD ["node", "src/server.js"]
