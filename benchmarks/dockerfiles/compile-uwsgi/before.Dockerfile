FROM python:3.13
WORKDIR /srv
RUN pip install --no-cache-dir uwsgi flask==3.0.3
COPY . .
CMD ["uwsgi", "--http-socket", "0.0.0.0:8000", "--master", "--module", "app:app"]
