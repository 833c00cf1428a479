FROM python:3
RUN pip install --no-cache-dir mkdocs
WORKDIR /docs
COPY . .
RUN mkdocs build
WORKDIR /docs/site
EXPOSE 80
CMD ["python", "-m", "http.server", "80"]
