FROM node:24-slim
RUN mkdir -p /home/service && groupadd -r service && useradd -r -g service -d /home/service service
WORKDIR /home/service
COPY package.json ./
RUN npm install
RUN npm install -g nodemon@3.1.9
COPY server.js ./
COPY public ./public
RUN chown -R service:service /home/service
USER service
ENV NODE_ENV=production
EXPOSE 3000
CMD ["node", "server.js"]
