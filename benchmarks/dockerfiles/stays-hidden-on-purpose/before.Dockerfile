FROM debian:trixie-slim
# dslim: keep consecutive-runs (the second step is edited every week)
RUN mkdir -p /srv/cms
# dslim: keep consecutive-runs (the second step is edited every week)
RUN echo weekly > /srv/cms/edition
CMD ["cat", "/srv/cms/edition"]
