FROM golang:1.24-trixie
RUN groupadd -r app && useradd -r -g app -u 1500 app
WORKDIR /app
COPY . .
RUN go build -o writer . && mkdir -p /data && chown app:app /data && chown -R app:app /app
USER app
CMD ["sh", "-c", "exec ./writer /data/a b.txt"]
