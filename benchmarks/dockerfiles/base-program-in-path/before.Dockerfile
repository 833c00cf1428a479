FROM python:3.13
WORKDIR /app
ENV PATH=/app/bin:$PATH
COPY . .
CMD ["serve"]
