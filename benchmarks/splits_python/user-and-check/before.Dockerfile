FROM python:3-slim
LABEL name=shop
ENV PYTHONUNBUFFERED=1
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev python3-dev curl && rm -rf /var/lib/apt/lists/* \
 && groupadd -r shop && useradd -r -m -g shop shop
COPY . /src
RUN pip install /src
COPY --chown=shop:shop server.py /home/shop/
USER shop
WORKDIR /home/shop
EXPOSE 8000
HEALTHCHECK CMD curl -f http://localhost:8000/
CMD ["python", "server.py"]
