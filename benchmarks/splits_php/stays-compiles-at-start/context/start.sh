#!/bin/sh
docker-php-ext-install bcmath
exec php /app.php
