ARG PYTHON_OF_APP=3.13
FROM python:${PYTHON_OF_APP}
WORKDIR /srv
COPY main.py .
USER nobody
CMD ["python", "main.py"]
