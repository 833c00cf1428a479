FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev make python3 && rm -rf /var/lib/apt/lists/*
COPY . /app
RUN gcc -shared -fPIC -o /usr/local/lib/libword.so /app/word.c
CMD ["python3", "/app/main.py"]
