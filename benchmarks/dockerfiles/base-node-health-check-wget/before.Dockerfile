FROM node:22
WORKDIR /app
COPY server.js .
HEALTHCHECK CMD wget -q -O /dev/null http://localhost:3000/ || exit 1
CMD ["node", "server.js"]
