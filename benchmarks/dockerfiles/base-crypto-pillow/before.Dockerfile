FROM python:3.13
WORKDIR /app
RUN pip install --no-cache-dir cryptography pillow lxml psutil
COPY main.py .
CMD ["python", "main.py"]
