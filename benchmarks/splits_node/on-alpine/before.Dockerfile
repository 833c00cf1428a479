FROM node:24-alpine
WORKDIR /api
COPY . .
RUN npm install
RUN npm run build
HEALTHCHECK CMD node -e 0
EXPOSE 3000
USER node
CMD ["npm", "start"]
