# syntax is left out on purpose: the builder's own front end will do
FROM debian:trixie-slim
MAINTAINER Example Team <team@example.com>

# Tools for people who log in
RUN apt-get update && apt-get install -y --no-install-recommends less

LABEL org.opencontainers.image.title="steps" \
      org.opencontainers.image.licenses="MIT"
EXPOSE 8080/tcp
# the directory that the service writes to
RUN mkdir -p /var/lib/steps

CMD ["sleep", "1"]
STOPSIGNAL SIGINT
RUN echo ready > /var/lib/steps/state

HEALTHCHECK --interval=30s --timeout=3s CMD test -s /var/lib/steps/state
EXPOSE 8081

# and clean up
RUN rm -rf /var/lib/apt/lists/*
LABEL stage=final
ENTRYPOINT ["/bin/sh", "-c"]
CMD ["cat /var/lib/steps/state"]
