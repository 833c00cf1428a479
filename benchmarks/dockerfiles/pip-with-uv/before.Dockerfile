FROM python:3.13-slim
ENV PYTHONDONTWRITEBYTECODE=1 UV_NATIVE_TLS=true
RUN pip install uv==0.5.11
WORKDIR /srv
RUN uv venv /srv/venv
RUN uv pip install --python /srv/venv/bin/python 'rich==13.9.4'
CMD ["/srv/venv/bin/python", "-m", "rich.palette"]
