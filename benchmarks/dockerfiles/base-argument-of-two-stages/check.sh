cd /srv && python main.py
