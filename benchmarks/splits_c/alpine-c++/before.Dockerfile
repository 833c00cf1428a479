FROM alpine:3.21
RUN apk add --no-cache build-base
WORKDIR /work
COPY sort.cpp .
RUN g++ -O1 -o sorted sort.cpp
CMD ["./sorted", "pear", "apple", "fig"]
