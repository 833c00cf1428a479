FROM php:8.3-apache
RUN usermod -u 1000 www-data && groupmod -g 1000 www-data
RUN apt-get update && apt-get install -y --no-install-recommends git libpq-dev && rm -rf /var/lib/apt/lists/*
COPY --from=composer:2 /usr/bin/composer /usr/bin/composer
COPY --chown=www-data:www-data . /var/www/html
RUN composer install --no-dev && mkdir -p storage && chown www-data storage && echo 'memory_limit = 300M' > /usr/local/etc/php/conf.d/zz-own.ini
RUN docker-php-ext-install pgsql
