FROM php:8.4-cli
RUN apt-get update && apt-get install -y libicu-dev && docker-php-ext-install intl \
    && apt-get purge -y libicu-dev && rm -rf /var/lib/apt/lists/*
COPY app.php ./
CMD ["php", "app.php"]
