FROM node:22
RUN npm install -g yarn@1.22.22
WORKDIR /srv/shop
COPY [".", "/srv/shop"]
RUN ["yarn", "--frozen-lockfile"]
CMD ["node", "server.js"]
