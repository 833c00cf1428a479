FROM node:22
RUN npm install -g http-server
WORKDIR /site
COPY site .
EXPOSE 3000
CMD ["http-server", "-p", "3000", "."]
