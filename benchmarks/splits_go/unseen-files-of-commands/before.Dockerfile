FROM golang:1.24-alpine
COPY . /src
RUN mkdir -p /srv/web && cd /src && go build -o /shop . && mv conf/shop.ini /shop.ini && cp -r web/* /srv/web/ && echo later > /srv/late
WORKDIR /
ENTRYPOINT ["/shop", "/shop.ini", "/srv/web/a.html", "/srv/late"]
