FROM debian:bookworm
RUN apt-get update && apt-get install -y golang jq && rm -rf /var/lib/apt/lists/*
COPY . /src
RUN cd /src && go build -o /usr/bin/shop .
CMD ["/usr/bin/shop"]
