FROM ubuntu:24.04
RUN apt-get update && apt-get install -y --no-install-recommends python3-pip && rm -rf /var/lib/apt/lists/*
COPY app.py /srv/
CMD ["/usr/bin/python3", "/srv/app.py"]
