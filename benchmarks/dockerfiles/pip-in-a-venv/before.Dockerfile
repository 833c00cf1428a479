FROM python:3.13
RUN groupadd -g 1200 job && useradd -m -u 1200 -g job job
USER job
WORKDIR /home/job
ENV PYTHONDONTWRITEBYTECODE=1
RUN python3 -m venv venv
RUN . venv/bin/activate && pip install requests==2.32.3
RUN venv/bin/python -m pip install --no-binary six six==1.17.0 "click<9"
ENV PATH=/home/job/venv/bin:$PATH
RUN python -c 'import requests, click; print("imports")' > imports.txt
CMD ["python", "-c", "import requests; print(requests.__version__)"]
