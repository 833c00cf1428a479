FROM python:3.13
WORKDIR /app
RUN apt-get update \
    && apt-get install -y --no-install-recommends tini \
    && rm -rf /var/lib/apt/lists/*
RUN pip install --no-cache-dir flask==3.1.0
COPY . .
ENTRYPOINT ["tini", "--"]
CMD ["python", "main.py"]
