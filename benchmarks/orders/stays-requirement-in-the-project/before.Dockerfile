FROM python:3.13
WORKDIR /srv/app
COPY . .
RUN pip install -r requirements.txt
