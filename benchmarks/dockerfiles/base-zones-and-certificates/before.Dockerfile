FROM python:3.13
WORKDIR /srv
COPY . .
CMD ["python", "main.py"]
