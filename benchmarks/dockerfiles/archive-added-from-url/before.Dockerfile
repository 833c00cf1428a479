FROM debian:trixie-slim
RUN apt-get update && apt-get install -y --no-install-recommends curl ca-certificates && rm -rf /var/lib/apt/lists/*
RUN curl -fsS https://registry.npmjs.org/ms/2.1.3 > /etc/ms.json
ADD https://registry.npmjs.org/left-pad/-/left-pad-1.3.0.tgz /tmp/
RUN mkdir -p /opt/pad && tar xzf /tmp/left-pad-1.3.0.tgz -C /opt/pad --strip-components=1 && rm /tmp/left-pad-1.3.0.tgz
CMD ["ls", "/opt/pad"]
