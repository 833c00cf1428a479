FROM alpine:3.21
RUN apk add --no-cache gcc musl-dev bzip2-dev libffi-dev
WORKDIR /work
COPY . .
RUN gcc -O1 -o pack pack.c -lbz2 -lffi
CMD ["/work/pack"]
