FROM alpine:3.20
RUN apk add --no-cache g++ make musl-dev
COPY . /usr/src/app
WORKDIR /usr/src/app
RUN make && make PREFIX=/usr/local install
CMD ["names"]
