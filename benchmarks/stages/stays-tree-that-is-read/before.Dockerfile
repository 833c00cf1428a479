FROM golang:1.24 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o hello .

FROM alpine:3.20
WORKDIR /app
COPY --from=build /src /app
CMD ["/app/hello"]
