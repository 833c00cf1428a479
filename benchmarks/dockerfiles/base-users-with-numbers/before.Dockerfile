FROM python:3.13
RUN groupadd -g 1500 app && useradd -u 1500 -g app -d /app -s /sbin/nologin app \
    && useradd -ms /bin/bash -u 1600 worker && usermod -aG video worker
WORKDIR /app
COPY --chown=app:app . .
RUN mkdir -p /data && chown app:app /data
USER app
CMD ["python", "main.py"]
