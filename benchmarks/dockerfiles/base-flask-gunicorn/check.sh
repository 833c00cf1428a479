gunicorn -b 127.0.0.1:8000 app:app >/dev/null 2>&1 & python -c "import time,urllib.request as u; time.sleep(3); print(u.urlopen('http://127.0.0.1:8000/').read())"
