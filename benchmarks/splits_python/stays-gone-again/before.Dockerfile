FROM python:3-slim
COPY . /src
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev python3-dev && pip install /src && apt-get purge -y --auto-remove gcc python3-dev
CMD ["python", "-m", "shop"]
