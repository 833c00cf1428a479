FROM debian:bookworm
RUN apt-get update && apt-get install -y golang
WORKDIR /srv
COPY . .
RUN go build -o /usr/local/bin/shop . && chmod +x start.sh
ENTRYPOINT ["/srv/start.sh"]
CMD ["shop"]
