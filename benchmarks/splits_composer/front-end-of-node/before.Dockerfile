FROM php:8.3-apache
RUN apt-get update && apt-get install -y --no-install-recommends git nodejs npm && rm -rf /var/lib/apt/lists/*
COPY --from=composer:2 /usr/bin/composer /usr/bin/composer
COPY . /var/www/html
RUN composer install --no-dev && npm run build
RUN a2enmod expires && a2dissite 000-default
COPY shop.conf /etc/apache2/sites-available/shop.conf
RUN a2ensite shop
