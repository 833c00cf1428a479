FROM golang:1.24
COPY . /src
RUN cd /src && go build -o /shop . && cp lib/* /usr/lib/
ENTRYPOINT ["/shop", "/usr/lib/a.txt"]
