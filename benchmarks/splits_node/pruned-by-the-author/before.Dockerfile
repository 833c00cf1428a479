FROM node:24
WORKDIR /var/app
COPY . .
RUN npm install
RUN npm run build
RUN npm prune --omit=dev
CMD ["npm", "start"]
