FROM debian:trixie-slim
RUN apt-get update && apt-get install -y --no-install-recommends curl ca-certificates && apt-get clean && rm -rf /var/lib/apt/lists/*
WORKDIR /opt
RUN curl -sSLO https://registry.npmjs.org/left-pad/-/left-pad-1.3.0.tgz
COPY expected.txt .
RUN tar xzf left-pad-1.3.0.tgz && mv package left-pad
RUN rm left-pad-1.3.0.tgz
RUN curl -sSL https://registry.npmjs.org/ms/-/ms-2.1.3.tgz | tar xz && mv package ms
COPY note.txt .
RUN curl -sSL -o /tmp/kind.tgz https://registry.npmjs.org/kind-of/-/kind-of-6.0.3.tgz && tar xzf /tmp/kind.tgz -C /opt && mv package kind-of
COPY note.txt second-note.txt
RUN rm -f /tmp/kind.tgz
CMD ["ls", "/opt"]
