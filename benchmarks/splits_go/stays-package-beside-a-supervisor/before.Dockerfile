FROM debian:bookworm
RUN apt-get update && apt-get install -y golang supervisor
COPY . /src
RUN cd /src && go build -o /usr/bin/shop .
CMD ["/usr/bin/supervisord", "-n"]
