FROM node:24
RUN npm install -g serve@14
WORKDIR /site
COPY . .
RUN npm install
RUN npm run build
EXPOSE 3000
CMD ["serve", "-l", "3000", "build"]
