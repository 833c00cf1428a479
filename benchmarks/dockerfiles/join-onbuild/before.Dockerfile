FROM debian:trixie-slim
RUN mkdir -p /app
ONBUILD COPY . /app
ONBUILD RUN chmod -R a+rX /app
ONBUILD RUN ls /app > /app/.contents
RUN echo base > /app/base
RUN echo more >> /app/base
