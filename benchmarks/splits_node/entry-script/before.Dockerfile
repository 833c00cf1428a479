FROM node:24
RUN apt-get update && apt-get install -y --no-install-recommends tini bc python3 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY . .
RUN npm install && npm run build
ENTRYPOINT ["tini", "--", "./entry.sh"]
CMD ["2", "3"]
