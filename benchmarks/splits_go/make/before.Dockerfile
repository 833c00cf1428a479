FROM golang:1.24
WORKDIR /app
COPY . .
RUN make VERSION=2
CMD ["bin/shop"]
