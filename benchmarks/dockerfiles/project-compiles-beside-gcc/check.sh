cd /app && python main.py
