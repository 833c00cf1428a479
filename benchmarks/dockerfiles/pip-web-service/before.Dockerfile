FROM python:3.13-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
COPY requirements.txt .
RUN pip install --upgrade --ignore-installed pip==25.3
RUN pip install -r requirements.txt
COPY . .
RUN useradd -r -u 999 web
RUN chown -R web /app
USER web
EXPOSE 5000
CMD ["python3", "app.py"]
