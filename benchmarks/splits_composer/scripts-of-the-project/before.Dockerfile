FROM php:8.3-cli-trixie
RUN apt-get update && apt-get install -y --no-install-recommends git build-essential && rm -rf /var/lib/apt/lists/*
COPY --from=composer:2 /usr/bin/composer /usr/bin/composer
WORKDIR /opt/shop
COPY . .
RUN composer install && composer run-script warm
HEALTHCHECK CMD curl -fs http://localhost/ || exit 1
CMD ["php", "app.php"]
