FROM python:3.13-alpine
RUN apk add --no-cache gcc musl-dev
WORKDIR /shop
COPY . .
RUN pip install .
CMD ["python", "shop.py"]
