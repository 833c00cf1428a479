python /srv/main.py
