uvicorn main:app --port 8000 >/dev/null 2>&1 & sleep 4; curl -fsS http://127.0.0.1:8000/
