cd /srv && uwsgi --version && uwsgi --http-socket 127.0.0.1:8000 --module app:app >/tmp/log 2>&1 &
sleep 8
python -c "import urllib.request as u; print(u.urlopen('http://127.0.0.1:8000/').read())"
