python3 /srv/app.py
