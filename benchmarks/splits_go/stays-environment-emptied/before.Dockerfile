FROM golang:1.24
WORKDIR /src
COPY . .
RUN env -i PATH=$PATH HOME=/root go build -o /usr/bin/app .
CMD ["app"]
