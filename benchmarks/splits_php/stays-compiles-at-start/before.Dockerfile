FROM php:8.4-cli
RUN apt-get update && apt-get install -y libicu-dev && docker-php-ext-install intl && rm -rf /var/lib/apt/lists/*
COPY app.php start.sh /
CMD ["sh", "/start.sh"]
