FROM python:3.12
COPY main.py /srv/
CMD ["python", "/srv/main.py"]
