FROM python:3-slim
RUN apt-get update
RUN apt-get install -y --no-install-recommends gcc libc6-dev python3-dev zlib1g-dev
WORKDIR /src
COPY . .
RUN bash -c "pip install --upgrade setuptools && pip install ."
WORKDIR /
CMD ["shop", "a"]
