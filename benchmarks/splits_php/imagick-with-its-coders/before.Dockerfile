FROM php:8.4-cli
# imagick draws pictures of PDFs and SVGs
RUN apt-get update && apt-get install -y libmagickwand-dev \
 && pecl install imagick && docker-php-ext-enable imagick \
 && rm -rf /var/lib/apt/lists/*
COPY app.php ./
CMD ["php", "app.php"]
