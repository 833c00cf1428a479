FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends sphinx-common python3-sphinx apache2 && rm -rf /var/lib/apt/lists/*
COPY docs /docs
RUN sphinx-build -b html /docs /var/www/html/docs
CMD ["apachectl", "-D", "FOREGROUND"]
