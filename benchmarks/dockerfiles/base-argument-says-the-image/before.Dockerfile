ARG BASE_OF_APP=docker.io/library/node:22
FROM ${BASE_OF_APP}
WORKDIR /srv
COPY main.js .
CMD ["node", "main.js"]
