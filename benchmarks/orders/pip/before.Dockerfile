FROM python:3.13
WORKDIR /srv/app
COPY . .
RUN pip install --no-cache-dir -r requirements/live.txt
CMD ["python3", "app.py"]
