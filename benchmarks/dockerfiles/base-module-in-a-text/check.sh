python main.py >/dev/null 2>&1 & python -c "import time,urllib.request as u; time.sleep(3); r=u.urlopen('http://127.0.0.1:8000/'); print(r.headers['content-type'], r.read())"
