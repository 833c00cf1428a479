FROM debian:trixie-slim
RUN useradd -u 4000 -m site
COPY site /srv/site
RUN chown -R site:site /srv/site
COPY tools /opt/tools
RUN chmod -R 755 /opt/tools
RUN chown -R 4000 /opt/tools
COPY conf /etc/site
RUN chown -R root:site /etc/site && chmod -R 750 /etc/site
USER site
CMD ["/opt/tools/show"]
