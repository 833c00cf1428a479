FROM python:3.13-alpine
ADD . /srv/app
WORKDIR /srv/app
ENV PYTHONUNBUFFERED=1
RUN pip install -r requirements.txt && python3 -m compileall -q app.py
CMD ["python3", "app.py"]
