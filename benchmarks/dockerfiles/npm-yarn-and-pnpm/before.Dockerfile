FROM node:24-alpine
WORKDIR /app
RUN npm i -g yarn@1.22.22 pnpm@9.15.4
COPY one ./one
RUN cd one && yarn install
COPY two ./two
RUN cd two && pnpm install
CMD ["node", "one/index.js"]
