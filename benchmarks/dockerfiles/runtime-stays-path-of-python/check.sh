/usr/bin/python3 /srv/app.py
