FROM node:24-slim
WORKDIR /app
COPY . .
RUN npm install && npm run build
CMD ["node", "out/app.js"]
