FROM php:8.4-cli
RUN set -eux; \
	apt-get update; \
	apt-get install -y --no-install-recommends \
		libxml2-dev \
		libxslt-dev \
	; \
	rm -rf /var/lib/apt/lists/*; \
	docker-php-ext-install soap xsl
COPY app.php ./
CMD ["php", "app.php"]
