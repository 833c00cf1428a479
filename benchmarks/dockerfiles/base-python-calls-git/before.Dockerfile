FROM python:3.13
WORKDIR /app
COPY job.py .
CMD ["python", "job.py"]
