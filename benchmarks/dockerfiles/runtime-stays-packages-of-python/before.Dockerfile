FROM ubuntu:24.04
RUN apt-get update && apt-get install -y --no-install-recommends python3-pip python3-yaml && rm -rf /var/lib/apt/lists/*
COPY app.py /srv/
CMD ["python3", "/srv/app.py"]
