FROM php:8.4-cli
RUN apt-get update && apt-get install -y --no-install-recommends node-gyp libicu-dev libpq-dev \
    && docker-php-ext-install intl pgsql && rm -rf /var/lib/apt/lists/*
COPY app.php ./
CMD node-gyp --version && php app.php
