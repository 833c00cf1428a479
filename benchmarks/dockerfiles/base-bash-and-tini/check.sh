cd /app && ./start.sh
