FROM node:24
RUN npm install -g pnpm@9
WORKDIR /app
COPY . .
RUN pnpm install
RUN pnpm run build
CMD node dist/index.js
