FROM debian:bookworm
RUN apt-get update \
    && apt-get install -y python3-pip python3-venv \
    && rm -rf /var/lib/apt/lists/*
RUN pip3 install --no-cache-dir --break-system-packages requests
COPY . /srv/
ENTRYPOINT ["/srv/run.sh"]
