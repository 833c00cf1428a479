FROM python:3.13-alpine
RUN apk add --no-cache --virtual .build-deps gcc musl-dev
RUN pip3 install markupsafe==3.0.2
RUN pip3 install jinja2==3.1.5 && find / -name '*.pyc' -delete
RUN apk del .build-deps
COPY page.html /page.html
CMD ["python3", "-c", "import jinja2; print(jinja2.Template(open('/page.html').read()).render(name='you'))"]
