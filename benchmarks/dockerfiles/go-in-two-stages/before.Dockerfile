FROM golang:1.24-alpine AS builder
RUN apk update
RUN apk add git
WORKDIR /src
COPY . .
ARG VERSION=dev
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w -buildid=" -o /out/clock .
RUN cp main.go /out/source.txt

FROM alpine:3.23
RUN apk update
RUN apk add ca-certificates
RUN adduser -D -u 2000 clock
COPY --from=builder /out /opt/clock
RUN chown -R clock:clock /opt/clock
RUN chmod 755 /opt/clock/clock
USER clock
CMD ["/opt/clock/clock"]
