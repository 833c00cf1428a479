FROM python:3.13-slim
ENV PYTHONDONTWRITEBYTECODE=1 POETRY_VIRTUALENVS_CREATE=false REQUESTS_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt
RUN pip install poetry==1.8.5
WORKDIR /code
COPY pyproject.toml ./
RUN poetry install --no-root
COPY main.py ./
CMD ["python3", "main.py"]
