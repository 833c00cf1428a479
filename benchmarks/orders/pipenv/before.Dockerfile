FROM python:3.13
RUN pip install --ignore-installed pipenv
WORKDIR /srv/app
COPY . .
RUN pipenv install --system --deploy
CMD ["python3", "app.py"]
