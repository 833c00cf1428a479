FROM golang:1.24
WORKDIR /app
RUN mkdir -p data && chmod 700 data
COPY . .
RUN go build -o app .
USER 1500
CMD ["./app"]
