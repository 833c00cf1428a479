FROM python:3.13
WORKDIR /app
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        git \
        curl \
    && apt-get clean \
    && rm -rf /var/lib/apt/lists/*
COPY . .
HEALTHCHECK CMD curl -fsS http://localhost:8000/ || exit 1
CMD ["python", "main.py"]
