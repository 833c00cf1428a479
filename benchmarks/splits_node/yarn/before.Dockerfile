FROM node:24
RUN npm install -g yarn@1.22.22
WORKDIR /app
COPY package.json .
RUN yarn install
COPY . .
RUN yarn build
CMD ["node", "dist/index.js"]
