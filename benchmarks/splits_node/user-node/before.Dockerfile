FROM node:24
USER node
WORKDIR /home/node/app
COPY --chown=node:node . .
RUN npm install
RUN npm run build
CMD ["node", "dist/index.js"]
