FROM ubuntu:24.04
RUN apt-get update && apt-get install -y nodejs npm && rm -rf /var/lib/apt/lists/*
WORKDIR /srv
COPY package.json server.js ./
RUN npm install
CMD ["node", "server.js"]
