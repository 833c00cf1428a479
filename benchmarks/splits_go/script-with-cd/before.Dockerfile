FROM golang:1.24
COPY . /opt/shop
RUN cd /opt/shop && go build -o bin/shop .
WORKDIR /opt
CMD ["/opt/shop/start.sh"]
