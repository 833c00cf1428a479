FROM python:3.13
WORKDIR /app
RUN pip install --no-cache-dir fastapi==0.115.0 uvicorn==0.32.0
COPY . .
CMD ["python", "main.py"]
