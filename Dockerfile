# The bot in a container: no root, and nothing of it is written to. See docs/guides/bot.md.
#   docker build -t dslim-bot .
#   docker run --read-only --tmpfs /tmp -v dslim:/data -e DSLIM_GITHUB_TOKEN -e DSLIM_WEBHOOK_SECRET -p 8080:8080 dslim-bot
FROM python:3.13-slim AS build
WORKDIR /src
COPY . .
RUN python -m venv /opt/dslim \
    && /opt/dslim/bin/pip install --no-cache-dir --no-compile '.[fleet,forgejo,github,gitlab,postgres,serve]' \
    && mkdir --mode=0700 /data

FROM python:3.13-slim
COPY --from=build /opt/dslim /opt/dslim
COPY --from=build --chown=65532:65532 /data /data
ENV PYTHONDONTWRITEBYTECODE=1 XDG_STATE_HOME=/data
USER 65532:65532
VOLUME /data
EXPOSE 8080
HEALTHCHECK CMD ["/opt/dslim/bin/python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=5)"]
ENTRYPOINT ["/opt/dslim/bin/dslim", "bot"]
CMD ["serve", "--listen", "0.0.0.0:8080"]
