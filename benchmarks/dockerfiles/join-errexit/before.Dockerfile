FROM alpine:3.23
RUN set -eux; \
    addgroup -g 4321 keeper; \
    adduser -D -u 4321 -G keeper keeper; \
    mkdir -p /data /etc/keeper
# the settings, one by one
RUN set -eux; \
    echo 'port=9000' > /etc/keeper/keeper.conf; \
    echo 'data=/data' >> /etc/keeper/keeper.conf
RUN set -eux; \
    chown -R keeper:keeper /data /etc/keeper; \
    chmod 750 /data
RUN set -ex && ls -l /etc/keeper > /etc/keeper/listing && sed -i 's/ [A-Z][a-z][a-z] .*[0-9] keeper/ keeper/' /etc/keeper/listing
RUN echo "flags: $-" > /etc/keeper/flags; false; echo "still here" >> /etc/keeper/flags
USER keeper
CMD ["cat", "/etc/keeper/keeper.conf"]
