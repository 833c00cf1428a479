FROM golang:1.24
RUN groupadd -r app && useradd -r -g app -u 1500 app
WORKDIR /app
COPY . .
RUN go build -o whoami .
USER app
CMD ["./whoami"]
