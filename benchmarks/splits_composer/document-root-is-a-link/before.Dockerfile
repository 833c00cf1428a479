FROM php:8.3-apache
RUN apt-get update && apt-get install -y git zip && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY . /app
RUN rm -rf /var/www/html && ln -s /app/public /var/www/html
COPY --from=composer:2 /usr/bin/composer /usr/bin/composer
RUN composer install --no-dev
