FROM python:3-slim
RUN apt-get update && apt-get install -y --no-install-recommends build-essential python3-dev libpq-dev && rm -rf /var/lib/apt/lists/*
RUN pip install --no-cache-dir psycopg2==2.9.10
COPY app.py /app/
WORKDIR /app
CMD ["python", "app.py"]
