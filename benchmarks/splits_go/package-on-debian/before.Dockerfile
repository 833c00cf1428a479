FROM debian:bookworm
RUN apt-get update && apt-get install -y golang-go git ca-certificates
ENV GREETING=hello
EXPOSE 8080
WORKDIR /srv
COPY . .
RUN go build -o server .
CMD ["./server"]
