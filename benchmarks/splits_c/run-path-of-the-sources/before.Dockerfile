FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev make && rm -rf /var/lib/apt/lists/*
COPY . /usr/src/deep
RUN cd /usr/src/deep && make lib/libdeep.so && gcc -o /usr/local/bin/deep main.c -Llib -ldeep -Wl,-rpath,/usr/src/deep/lib
CMD ["deep"]
