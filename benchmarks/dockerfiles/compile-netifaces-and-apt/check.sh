cd /srv && python main.py && jq -n 1 && ps --version >/dev/null
