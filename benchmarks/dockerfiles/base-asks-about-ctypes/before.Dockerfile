FROM python:3.13
COPY main.py /
CMD ["python", "/main.py"]
