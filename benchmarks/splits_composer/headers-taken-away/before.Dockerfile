FROM php:8.3-cli-trixie
RUN apt-get update && apt-get install -y --no-install-recommends git && rm -rf /var/lib/apt/lists/*
COPY --from=composer:2 /usr/bin/composer /usr/bin/composer
WORKDIR /app
COPY . .
RUN composer install --no-dev
RUN apt-get update \
    && apt-get install -y --no-install-recommends libfreetype6-dev libpng-dev libxslt1-dev \
    && docker-php-ext-install gd xsl \
    && apt-get purge -y libfreetype6-dev libpng-dev libxslt1-dev \
    && rm -rf /var/lib/apt/lists/*
CMD ["php", "app.php"]
