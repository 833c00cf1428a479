FROM php:8.4-cli
RUN apt-get update && apt-get install -y libyaml-dev libmemcached-dev zlib1g-dev && rm -rf /var/lib/apt/lists/* \
    && cd /usr/src/pecl/yaml && phpize && ./configure && make && make install \
    && cd /usr/src/pecl/memcached && phpize && ./configure && make && make install \
    && docker-php-ext-enable yaml memcached
COPY app.php ./
ENTRYPOINT ["php"]
CMD ["app.php"]
