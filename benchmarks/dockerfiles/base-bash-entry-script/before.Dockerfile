FROM python:3.13
COPY entry.sh main.py /srv/
WORKDIR /srv
ENTRYPOINT ["/srv/entry.sh"]
CMD ["python", "main.py"]
