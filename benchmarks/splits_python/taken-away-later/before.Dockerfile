FROM python:3-slim
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev python3-dev
COPY requirements.txt /tmp/requirements.txt
RUN pip install -r /tmp/requirements.txt && rm /tmp/requirements.txt
COPY . /shop
RUN pip install /shop
RUN apt-get purge -y gcc && apt-get autoremove -y && rm -rf /var/lib/apt/lists/*
WORKDIR /shop
ENTRYPOINT ["./start.sh"]
CMD ["again"]
