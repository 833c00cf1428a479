FROM debian:trixie
COPY adder /usr/src/adder
RUN apt-get update \
 && apt-get install -y --no-install-recommends php8.4-cli php8.4-dev libyaml-dev build-essential \
 && cd /usr/src/adder && phpize && ./configure && make && make install \
 && echo extension=adder.so > /etc/php/8.4/cli/conf.d/90-adder.ini \
 && rm -rf /var/lib/apt/lists/*
COPY app.php /srv/
CMD ["php", "/srv/app.php"]
