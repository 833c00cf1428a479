FROM golang:1.24
WORKDIR /data
RUN chown 1500:1500 /data
WORKDIR /app
COPY . .
RUN go build -o /app/writer .
USER 1500
CMD ["/app/writer", "/data/x", "/app/x"]
