ARG NODE_OF_APP
FROM node:${NODE_OF_APP:-20}
WORKDIR /srv
COPY main.js .
HEALTHCHECK CMD node main.js
CMD ["node", "main.js"]
