FROM node:24
WORKDIR /app
COPY entry /entry
COPY . .
ENTRYPOINT ["/entry"]
CMD ["node", "main.js"]
