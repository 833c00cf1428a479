FROM golang:1.24-alpine
RUN addgroup -S app && adduser -S -G app app
WORKDIR /home/app/bin
COPY . .
RUN go build -o whoami . && chown -R app:app /home/app/bin
USER app
ENTRYPOINT ["./whoami"]
