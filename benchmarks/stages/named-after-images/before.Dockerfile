FROM golang:1.24
WORKDIR /src
COPY main.go go.mod ./
RUN CGO_ENABLED=0 go build -o /hello .

FROM node:22
WORKDIR /web
RUN node -e 'require("fs").writeFileSync("page.html", "<p>hello</p>\n")'

FROM alpine:3.20
COPY --from=0 /hello /usr/local/bin/
COPY --from=1 /web/page.html /srv/
CMD hello && cat /srv/page.html
