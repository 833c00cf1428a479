FROM debian:trixie-slim AS common
RUN apt-get update
RUN apt-get install -y --no-install-recommends ca-certificates
RUN rm -rf /var/lib/apt/lists/*

FROM common AS tester
RUN apt-get update && apt-get install -y file
RUN file /bin/sh > /report

FROM common
RUN mkdir -p /srv/www
RUN echo '<h1>hi</h1>' > /srv/www/index.html
COPY --from=tester /report /srv/www/report.txt
CMD ["cat", "/srv/www/index.html"]
