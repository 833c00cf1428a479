FROM debian:bookworm
RUN apt-get update
RUN apt-get install -y python3-pip python3-venv
RUN apt-get clean && rm -rf /var/lib/apt/lists/*
RUN pip3 install --no-cache-dir --break-system-packages requests
COPY app.py /srv/
ENTRYPOINT ["python3", "/srv/app.py"]
