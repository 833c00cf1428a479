FROM python:3.13
WORKDIR /app
RUN pip install --no-cache-dir flask==3.1.0
COPY . .
CMD ["python", "main.py"]
