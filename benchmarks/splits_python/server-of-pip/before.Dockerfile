FROM python:3-slim
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev python3-dev
WORKDIR /app
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY app.py .
EXPOSE 8000
CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]
