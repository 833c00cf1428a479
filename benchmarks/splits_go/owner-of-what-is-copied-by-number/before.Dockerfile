FROM golang:1.24-alpine
COPY --chown=1234 data /srv/data/
WORKDIR /app
COPY . .
RUN go build -o app .
USER 1234:1234
CMD ["./app", "/srv/data", "/srv/data/a.txt"]
