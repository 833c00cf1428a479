FROM node:24-alpine
RUN npm install -g http-server@14
WORKDIR /usr/src/app
COPY package.json .
RUN npm install
COPY . .
RUN npm run build
CMD http-server build -p 3000 -c-1 --no-dotfiles
