FROM debian:trixie-slim
ENV DEBIAN_FRONTEND=noninteractive
RUN apt-get update && apt-get install -y --no-install-recommends python3 python3-pip python3-dev gcc libc6-dev libyaml-dev
COPY requirements.txt /
RUN pip install --break-system-packages -r /requirements.txt
WORKDIR /app
COPY app.py .
CMD ["python3", "app.py"]
