FROM golang:1.24
RUN groupadd -r app && useradd -r -g app app
WORKDIR /app
COPY . .
RUN go build -o /usr/bin/app . && mkdir -m 750 cache && chown -R app:app /app && chmod -R g-w,o-rwx secret && chown root secret/key
CMD ["app", "/app"]
