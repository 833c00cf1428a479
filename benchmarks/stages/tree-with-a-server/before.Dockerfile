FROM golang:1.24 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o server .

FROM debian:12-slim
WORKDIR /srv
COPY --from=build /src .
EXPOSE 8080
CMD ["./server"]
