FROM python:3.13-slim
WORKDIR /srv/app
# the whole project
COPY . .
RUN apt-get update && apt-get install -y --no-install-recommends sqlite3 \
    && rm -rf /var/lib/apt/lists/* \
    && pip install --no-cache-dir -r requirements.txt
RUN sqlite3 app.db < schema.sql
CMD ["python3", "app.py"]
