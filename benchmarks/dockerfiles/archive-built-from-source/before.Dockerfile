FROM debian:trixie
RUN apt-get update
RUN apt-get install -y wget ca-certificates build-essential
RUN wget http://deb.debian.org/debian/pool/main/h/hello/hello_2.10.orig.tar.gz
RUN tar xzf hello_2.10.orig.tar.gz
WORKDIR /hello-2.10
RUN ./configure --prefix=/usr/local FORCE_UNSAFE_CONFIGURE=1 && make LDFLAGS=-Wl,--build-id=none && make install
WORKDIR /
RUN rm -rf hello_2.10.orig.tar.gz hello-2.10
CMD ["hello"]
