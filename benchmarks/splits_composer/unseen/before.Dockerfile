FROM php:8.3-cli-trixie
RUN apt-get update && apt-get install -y git unzip libyaml-dev && pecl install yaml
RUN php -r "copy('/tools/composer', '/usr/local/bin/composer');" || true
COPY --from=composer:2 /usr/bin/composer /usr/local/bin/composer
COPY . /srv/app
WORKDIR /srv/app
RUN composer install
EXPOSE 8000
CMD ["php", "-S", "0.0.0.0:8000", "-t", "public"]
