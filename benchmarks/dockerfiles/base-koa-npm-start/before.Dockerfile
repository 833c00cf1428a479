FROM node:20
WORKDIR /app
COPY package.json package-lock.json /app/
RUN npm install --production
COPY . /app
EXPOSE 3000
CMD ["npm", "start"]
