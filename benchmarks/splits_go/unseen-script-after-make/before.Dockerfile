FROM golang:1.24
COPY run.sh /bin/run.sh
COPY . /src
RUN cd /src && make && cp bin/shop /bin/shop && mv static /static
CMD ["run.sh"]
