FROM golang:1.24
RUN useradd -m -s /bin/sh keeper
WORKDIR /home/keeper/app
COPY . .
RUN go build -o app . && chown -R keeper: /home/keeper
USER keeper
CMD ["./app", "/home/keeper/x", "y"]
