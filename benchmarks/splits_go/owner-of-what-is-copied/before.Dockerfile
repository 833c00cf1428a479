FROM golang:1.24
RUN groupadd -g 2345 app && useradd -g app -u 1234 app
COPY --chown=app:app data /srv/deep/data
WORKDIR /app
COPY . .
RUN go build -o app .
USER app
CMD ["./app", "/srv/deep/data", "/srv/deep", "/srv/deep/data/a.txt"]
