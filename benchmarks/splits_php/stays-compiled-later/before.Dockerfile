FROM php:8.4-cli
RUN apt-get update && apt-get install -y libicu-dev libzip-dev && docker-php-ext-install intl && rm -rf /var/lib/apt/lists/*
COPY app.php ./
RUN docker-php-ext-install zip
CMD ["php", "app.php"]
