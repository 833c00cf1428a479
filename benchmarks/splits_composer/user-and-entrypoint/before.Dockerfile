FROM php:8.3-cli-trixie
RUN apt-get update && apt-get install -y git openssh-client && rm -rf /var/lib/apt/lists/*
RUN groupadd -r shop && useradd -r -g shop -m shop
WORKDIR /srv/shop
COPY --chown=shop:shop . .
COPY --from=composer:2 /usr/bin/composer /usr/bin/composer
RUN mkdir -p var/cache && chown -R shop:shop var /srv/shop
USER shop
RUN composer install --no-dev
COPY start.sh /usr/local/bin/start.sh
ENTRYPOINT ["/usr/local/bin/start.sh"]
CMD ["php", "app.php"]
