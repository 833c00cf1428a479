FROM golang:1.24 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o bin/hello ./cmd/hello

FROM alpine:3.20
RUN adduser -D -u 1000 hello
COPY --chown=hello --from=build /src/. /opt/hello
RUN chmod 750 /opt/hello/bin/hello
USER hello
WORKDIR /opt/hello
ENTRYPOINT ["bin/hello"]
