/srv/entry.sh python main.py
