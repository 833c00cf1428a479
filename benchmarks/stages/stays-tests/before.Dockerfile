FROM python:3-slim AS checked
COPY hello.py .
RUN python3 -m py_compile hello.py

FROM python:3-slim
COPY hello.py /srv/
CMD ["python3", "/srv/hello.py"]
