FROM python:3-slim
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev python3-dev
WORKDIR /shop
COPY . .
RUN pip install .
ENTRYPOINT ["./start.sh"]
