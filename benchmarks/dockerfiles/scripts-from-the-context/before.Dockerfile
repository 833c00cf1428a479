FROM debian:trixie-slim
COPY install.sh cleanup.sh /tmp/
RUN apt-get update && apt-get install -y --no-install-recommends file
RUN sh /tmp/install.sh
RUN echo 'Acquire::Retries "2";' > /etc/apt/apt.conf.d/80retries
RUN apt-get install -y --no-install-recommends bsdextrautils
RUN sh /tmp/cleanup.sh
RUN rm -f /tmp/install.sh /tmp/cleanup.sh
ENTRYPOINT ["file"]
CMD ["/usr/local/lib/thing"]
