FROM debian:trixie-slim
RUN mkdir -p /data/in && echo kept > /data/in/before
RUN echo outside > /outside
VOLUME /data
RUN echo lost > /data/in/after; echo lost > /data/new
RUN ls -A /data > /listing
RUN ls -A /data/in >> /listing
CMD ["cat", "/listing"]
