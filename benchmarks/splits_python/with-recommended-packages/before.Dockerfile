FROM debian:trixie
RUN apt-get update && apt-get install -y python3-pip build-essential
COPY . /src
RUN python3 -m pip install --break-system-packages /src && rm -rf /src
CMD python3 -m shop
