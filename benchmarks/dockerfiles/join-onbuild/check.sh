cat /app/base
