FROM alpine:3.21
RUN apk add --no-cache gcc musl-dev make
COPY . /usr/src/count
RUN make -C /usr/src/count PREFIX=/usr/local install
CMD ["count", "one", "two"]
