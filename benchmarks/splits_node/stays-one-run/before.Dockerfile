FROM node:24-alpine
WORKDIR /app
COPY . .
RUN npm install && npm run build && npm prune --omit=dev
CMD ["node", "dist/index.js"]
