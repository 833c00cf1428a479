cd /srv && python3 app.py
