FROM python:3.13
RUN apt-get update \
    && apt-get install -y --no-install-recommends curl \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /srv
RUN pip install --no-cache-dir mysqlclient==2.2.7 \
    && pip install --no-cache-dir psycopg2==2.9.10
COPY main.py .
CMD ["python", "main.py"]
