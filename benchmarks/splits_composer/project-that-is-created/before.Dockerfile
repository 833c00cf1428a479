FROM php:8.3-cli-trixie
RUN apt-get update && apt-get install -y --no-install-recommends git unzip && rm -rf /var/lib/apt/lists/*
COPY --from=composer:2 /usr/bin/composer /usr/bin/composer
COPY . /skeleton
WORKDIR /work
RUN composer create-project --repository='{"type": "path", "url": "/skeleton", "options": {"symlink": false}}' shop/app site dev-main
WORKDIR /work/site
CMD ["php", "app.php"]
