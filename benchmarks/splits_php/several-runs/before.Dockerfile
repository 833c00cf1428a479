FROM php:8.4-cli
RUN apt-get update && apt-get install -y libpq-dev zlib1g-dev libzip-dev && rm -rf /var/lib/apt/lists/*
RUN docker-php-ext-install pgsql
RUN docker-php-ext-install zip pdo_mysql
RUN pecl install apcu && docker-php-ext-enable apcu
COPY app.php ./
CMD ["php", "app.php"]
