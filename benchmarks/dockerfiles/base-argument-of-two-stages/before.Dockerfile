ARG PYTHON_OF_APP=3.13
FROM python:${PYTHON_OF_APP} AS notes
RUN python -c "print(1 + 1)" > /notes.txt

FROM python:${PYTHON_OF_APP}
WORKDIR /srv
COPY main.py .
CMD ["python", "main.py"]
