cat /srv/www/*; ls /var/lib/apt/lists | wc -l
