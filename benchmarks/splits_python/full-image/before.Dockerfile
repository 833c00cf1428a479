FROM python:3
RUN apt-get update && apt-get install -y --no-install-recommends gcc
WORKDIR /shop
COPY . .
RUN pip install .
CMD ["python", "shop.py"]
