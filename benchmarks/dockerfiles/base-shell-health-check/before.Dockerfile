FROM python:3.13
WORKDIR /srv
COPY . .
HEALTHCHECK --interval=5s CMD ["python", "health.py"]
CMD python -u main.py
