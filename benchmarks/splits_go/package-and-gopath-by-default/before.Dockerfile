FROM debian:bookworm
RUN apt-get update && apt-get install -y golang
ENV PATH=$PATH:/root/go/bin
COPY . /src
WORKDIR /src
RUN go install ./...
ENTRYPOINT ["shop"]
