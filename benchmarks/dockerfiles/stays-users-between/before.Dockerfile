FROM alpine:3.23
RUN adduser -D -u 1100 reader
USER reader
RUN echo mine > ~/mine
USER root
RUN chmod 711 /home/reader
WORKDIR /home/reader
RUN pwd > /etc/where
ENV WHERE=/etc/where
RUN cat "$WHERE" > /etc/there
CMD ["cat", "/etc/there"]
