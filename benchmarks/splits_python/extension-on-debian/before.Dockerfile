FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends python3 python3-pip python3-dev gcc libc6-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /shop
COPY . .
RUN pip3 install --break-system-packages .
CMD ["python3", "shop.py"]
