FROM golang:1.24
WORKDIR /app
COPY . .
RUN { echo one; echo two; } > list.txt && go build -o app .
CMD ["./app"]
