FROM python:3.13-slim
ENV PYTHONDONTWRITEBYTECODE=1
RUN apt-get update
RUN apt-get install -y --no-install-recommends gcc libc6-dev python3-dev
RUN pip install markupsafe==3.0.2 --no-binary markupsafe
RUN apt-get remove -y gcc libc6-dev python3-dev && apt-get autoremove -y
RUN rm -rf /var/lib/apt/lists/* /root/.cache
CMD ["python3", "-c", "import markupsafe; print(markupsafe.escape('<>'))"]
