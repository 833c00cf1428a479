cd /srv && python main.py && id -un 2>/dev/null
