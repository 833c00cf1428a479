FROM node:24 AS build
WORKDIR /site
COPY package.json .
RUN npm install
COPY build.js .
RUN node build.js
RUN rm -rf node_modules

FROM node:24-alpine
WORKDIR /site
RUN npm install -g serve-handler@6.1.6
RUN npm cache verify
COPY --from=build /site/dist ./dist
RUN chmod -R 755 /site/dist
RUN adduser -D -H -u 3000 site
USER site
CMD ["node", "-e", "console.log(require('fs').readFileSync('/site/dist/index.html', 'utf8'))"]
