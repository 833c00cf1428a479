FROM php:8.4-cli
RUN apt-get update \
    && apt-get install -y --no-install-recommends libfreetype6-dev libicu-dev libpng-dev \
    && docker-php-ext-configure gd --with-freetype \
    && docker-php-ext-install -j2 gd intl \
    && rm -rf /var/lib/apt/lists/*
COPY app.php ./
CMD ["php", "app.php"]
