FROM golang:1.24-alpine
RUN addgroup -g 1234 app && adduser -D -u 1234 -G app app
COPY . /srv/app/
WORKDIR /srv/app
RUN go build -o bin/app . && mkdir -p run && touch run/pid && ln -s run/pid link && chown -R app:app run && chmod 700 run
USER app
ENTRYPOINT ["bin/app", "/srv/app", "/home"]
