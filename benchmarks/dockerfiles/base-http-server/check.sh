(http-server -p 3000 . >/dev/null 2>&1 &) ; node -e "setTimeout(() => fetch('http://127.0.0.1:3000/').then((r) => r.text()).then((t) => { console.log(t); process.exit(0); }), 2500)"
