git --version; cd /srv/repo && git symbolic-ref HEAD; python3 -c "import ssl,sqlite3;print(1)"; nginx -t 2>&1 | tail -1
