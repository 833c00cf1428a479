FROM python:3.13
RUN useradd --create-home --uid 1500 app && mkdir -p /data && chown app:app /data
USER app
WORKDIR /home/app
COPY --chown=app:app main.py .
VOLUME /data
CMD ["python", "main.py"]
