FROM python:3.13
RUN pip install --ignore-installed poetry
ENV POETRY_VIRTUALENVS_CREATE=false
WORKDIR /srv/app
COPY . .
RUN poetry install --no-root --only main --no-interaction
CMD ["python3", "app.py"]
