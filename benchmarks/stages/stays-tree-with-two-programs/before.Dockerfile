FROM golang:1.24 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o hello ./cmd/hello && CGO_ENABLED=0 go build -o bye ./cmd/bye

FROM alpine:3.20
WORKDIR /app
COPY --from=build /src .
CMD ["./hello"]
