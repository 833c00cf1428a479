FROM golang:1.24
WORKDIR /app
COPY . .
COPY data/a.txt /etc/app/a.txt
RUN go build -o app . && chmod 600 /etc/app/a.txt && chown -R 1500 /etc/app
USER 1500
CMD ["./app", "/etc/app", "/etc/app/a.txt"]
