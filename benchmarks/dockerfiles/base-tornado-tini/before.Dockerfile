FROM python:3.13
RUN apt-get update && apt-get install -y --no-install-recommends tini && rm -rf /var/lib/apt/lists/*
WORKDIR /app
RUN pip install --no-cache-dir tornado
COPY . .
ENTRYPOINT ["tini", "--"]
CMD ["python", "server.py"]
