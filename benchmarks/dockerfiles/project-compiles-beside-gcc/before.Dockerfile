# dslim: keep python-compilers-shipped
FROM python:3.13
WORKDIR /app
RUN apt-get update && apt-get install -y --no-install-recommends gcc && rm -rf /var/lib/apt/lists/*
COPY . .
RUN pip install --no-cache-dir .
CMD ["python", "main.py"]
