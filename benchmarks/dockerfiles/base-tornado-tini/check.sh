tini -- python server.py & for n in 1 2 3 4 5 6 7 8 9; do python -c "import urllib.request as u; print(u.urlopen('http://127.0.0.1:8000/').read())" 2>/dev/null && exit; sleep 2; done; exit 1
