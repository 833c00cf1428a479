FROM php:8.4-cli
RUN apt-get update && apt-get install -y --no-install-recommends git libicu-dev unzip jq libjpeg-dev \
    && docker-php-ext-install intl \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY app.php .
RUN docker-php-ext-install bcmath opcache
CMD jq --version && unzip -v | head -1 && git --version && php app.php
