FROM alpine:3.23 AS files
WORKDIR /out
RUN mkdir -p tools/deep && head -c 300000 /dev/zero > tools/blob && echo '#!/bin/sh' > tools/run && echo 'echo ran' >> tools/run && cp tools/run tools/deep/run
RUN chmod 600 tools/blob && ln -s blob tools/link

FROM alpine:3.23
RUN adduser -D -u 2500 worker
COPY --from=files /out/tools /usr/lib/tools
RUN chmod -R 755 /usr/lib/tools
COPY --from=files /out/tools/blob /usr/share/blob
RUN chmod 444 /usr/share/blob
COPY --from=files /out/tools /home/worker/tools
RUN chown -R worker /home/worker/tools && chmod -R u+rwX,go-w /home/worker/tools
USER worker
CMD ["/usr/lib/tools/run"]
