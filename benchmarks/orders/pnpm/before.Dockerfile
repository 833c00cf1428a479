FROM node:22-alpine
RUN npm install -g pnpm@9
WORKDIR /srv/shop
COPY . .
RUN pnpm install --frozen-lockfile
CMD ["node", "server.js"]
