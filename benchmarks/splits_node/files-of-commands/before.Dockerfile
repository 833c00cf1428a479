FROM node:24
LABEL org.example.kind="job"
ENV KIND=job
ENV TITLE="a job of $KIND"
WORKDIR /srv/job
COPY . .
RUN echo "{\"a\": 1}" > /etc/job.json && mkdir -p /var/log/job && chown node /var/log/job
RUN npm install && npm run build && ln -s dist/index.js run.js
USER node
CMD ["node", "run.js"]
