FROM php:8.4-cli
RUN apt-get update && apt-get install -y libpng-dev libfreetype6-dev && docker-php-ext-install gd && rm -rf /var/lib/apt/lists/*
COPY app.php /srv/
COPY start.sh /usr/local/bin/start.sh
ENTRYPOINT ["/usr/local/bin/start.sh"]
CMD ["php", "/srv/app.php"]
