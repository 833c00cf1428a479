FROM node:22 AS build
WORKDIR /shop
ADD . /shop
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
RUN npm ci
RUN npm run build

FROM node:22-alpine
COPY --from=build /shop /shop
WORKDIR /shop
CMD ["node", "server.js"]
