FROM golang:1.24
COPY . /src
RUN cd /src && make && mv bin/shop /shop && mv prices.txt /prices.txt
ENTRYPOINT ["/shop", "/prices.txt"]
