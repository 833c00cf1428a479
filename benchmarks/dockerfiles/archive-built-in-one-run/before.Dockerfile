FROM debian:trixie-slim
ENV VERSION=2.10
RUN apt-get update && apt-get install -y --no-install-recommends curl gcc libc6-dev make \
 && rm -rf /var/lib/apt/lists/*
RUN cd /usr/src && curl -fsSL -o hello.tar.gz http://deb.debian.org/debian/pool/main/h/hello/hello_${VERSION}.orig.tar.gz \
 && tar xzf hello.tar.gz && cd hello-${VERSION} \
 && ./configure && make LDFLAGS=-Wl,--build-id=none && make install
RUN curl -fsSL http://deb.debian.org/debian/pool/main/h/hello/hello_${VERSION}.orig.tar.gz -o /tmp/again.tgz && tar xzf /tmp/again.tgz -C /tmp && cp /tmp/hello-${VERSION}/README /README.hello
CMD ["hello", "-g", "built"]
