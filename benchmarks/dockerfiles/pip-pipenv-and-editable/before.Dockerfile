FROM python:3.13
ENV PYTHONDONTWRITEBYTECODE=1 PIPENV_YES=1
RUN pip install --ignore-installed pipenv==2024.4.0
WORKDIR /code
COPY Pipfile ./
RUN pipenv install --system --skip-lock
COPY setup.py ./
COPY thing ./thing
RUN pip install -e .
RUN cd /tmp && pip download --no-deps --no-binary :all: six==1.17.0 && tar xzf six-1.17.0.tar.gz && cd six-1.17.0 && pip install . && cd /
CMD ["python3", "-m", "thing"]
