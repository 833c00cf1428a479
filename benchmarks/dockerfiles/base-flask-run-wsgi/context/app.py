raise SystemExit("wsgi.py goes first")
