FROM php:8.3-apache
ENV APACHE_DOCUMENT_ROOT=/var/www/html/public
RUN apt-get update \
    && apt-get install -y git unzip libfreetype6-dev libpng-dev libxslt1-dev \
    && rm -rf /var/lib/apt/lists/*
RUN sed -ri -e 's!/var/www/html!${APACHE_DOCUMENT_ROOT}!g' /etc/apache2/sites-available/*.conf && a2enmod rewrite headers
COPY php.ini $PHP_INI_DIR/php.ini
COPY --from=composer:2 /usr/bin/composer /usr/local/bin/composer
COPY . .
RUN composer install --no-dev --no-interaction && chown -R www-data:www-data /var/www/html
RUN docker-php-ext-install gd xsl
