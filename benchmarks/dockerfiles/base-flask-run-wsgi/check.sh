flask run --port 5001 >/dev/null 2>&1 & python -c "import time,urllib.request as u; time.sleep(3); r=u.urlopen('http://127.0.0.1:5001/'); print(r.headers['content-type'], r.read())"
