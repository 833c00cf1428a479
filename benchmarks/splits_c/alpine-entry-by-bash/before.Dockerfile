FROM alpine:3.21
RUN apk add --no-cache bash tini gcc libc-dev make && adduser -D -u 1500 runner
COPY --chown=1500 src /home/runner/src
RUN cd /home/runner/src && make && make install DESTDIR= PREFIX=/opt/echo && rm -rf /home/runner/src
COPY entry.sh /entry.sh
USER runner
ENTRYPOINT ["tini", "--", "/entry.sh"]
CMD ["one", "two"]
