FROM debian:trixie AS build
RUN apt-get update
RUN apt-get install -y --no-install-recommends gcc libc6-dev
COPY hello.c .
RUN gcc -static -Wl,--build-id=none -o /hello hello.c
RUN rm hello.c

FROM scratch
COPY --from=build /hello /hello
ENTRYPOINT ["/hello"]
