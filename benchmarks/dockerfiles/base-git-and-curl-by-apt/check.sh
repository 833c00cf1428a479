python /app/main.py; curl --version | cut -c1-4
