ARG RELEASE=trixie
FROM debian:${RELEASE}-slim
ARG VERSION=1.2.3
RUN echo "$VERSION" > /version
ARG VERSION=2.0.0
RUN echo "$VERSION" >> /version
ENV LEVEL=info MODE=plain
RUN echo "$LEVEL $MODE" > /settings
RUN LEVEL=debug; echo "$LEVEL" >> /settings
RUN echo "$LEVEL" >> /settings
ENV MODE=fancy
RUN MODE=odd sh -c 'echo "$MODE"' >> /settings
RUN echo "$MODE" >> /settings
WORKDIR /srv
RUN pwd >> /settings
WORKDIR sub
RUN pwd >> /settings
RUN cd / && pwd >> /settings
RUN echo "${PWD}" >> /settings
CMD ["cat", "/settings"]
