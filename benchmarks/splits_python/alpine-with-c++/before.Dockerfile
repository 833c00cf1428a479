FROM python:3-alpine
RUN apk add --no-cache --virtual .build g++ musl-dev
COPY . /src
RUN pip install /src
CMD ["python", "-m", "shop"]
