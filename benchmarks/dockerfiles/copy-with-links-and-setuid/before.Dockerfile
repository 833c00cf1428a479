FROM debian:trixie-slim
RUN groupadd -g 700 ops && useradd -u 700 -g ops -M ops
WORKDIR /opt/app
COPY bin /opt/app/bin
COPY share /opt/app/share
RUN ln -s ../share/words bin/words
RUN chown -R ops:ops /opt/app
COPY etc /etc/app
RUN chown -h 700:700 /etc/app/current && chmod 640 /etc/app/first.conf
RUN cp /bin/true /opt/true && chmod 4755 /opt/true
RUN chown ops /opt/true
USER ops
CMD ["/opt/app/bin/count"]
