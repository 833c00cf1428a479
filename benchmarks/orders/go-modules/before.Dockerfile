FROM golang:1.24 AS build
WORKDIR /src
COPY . .
RUN go mod download && CGO_ENABLED=0 go build -trimpath -o /main .

FROM alpine:3.23
COPY --from=build /main /main
CMD ["/main"]
