FROM golang:1.24
WORKDIR /app
COPY . .
RUN rm -rf /srv/state && mkdir -p /srv/state && chown 1500 /srv/state && go build -o app .
USER 1500
CMD ["./app", "/srv/state"]
