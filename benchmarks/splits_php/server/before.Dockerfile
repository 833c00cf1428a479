FROM php:8.4-cli
RUN apt-get update && apt-get install -y libzip-dev && docker-php-ext-install zip && rm -rf /var/lib/apt/lists/*
COPY app.php public/index.php
EXPOSE 8000
CMD ["php", "-S", "0.0.0.0:8000", "-t", "public"]
