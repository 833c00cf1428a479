FROM golang:1.24
WORKDIR /app
COPY . .
RUN ["go", "build", "-o", "app"]
RUN ["rm", "-rf", "data/*"]
CMD ["./app", "data/a.txt"]
