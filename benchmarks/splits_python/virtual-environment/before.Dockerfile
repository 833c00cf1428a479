FROM python:3-slim
RUN apt-get update && apt-get install -y --no-install-recommends build-essential python3-dev python3-venv && rm -rf /var/lib/apt/lists/*
RUN python3 -m venv /opt/shop
ENV PATH=/opt/shop/bin:$PATH
COPY . /src
RUN pip install /src
CMD ["python", "-m", "shop"]
