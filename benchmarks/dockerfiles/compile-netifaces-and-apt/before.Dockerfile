FROM python:3.13
RUN apt-get update && apt-get install -y --no-install-recommends procps jq && rm -rf /var/lib/apt/lists/*
ENV APP=/srv
RUN set -eux; \
    pip install --no-cache-dir netifaces==0.11.0
WORKDIR $APP
COPY main.py .
CMD ["python", "main.py"]
