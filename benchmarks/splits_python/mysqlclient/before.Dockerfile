FROM python:3-slim
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev python3-dev pkg-config default-libmysqlclient-dev
RUN pip install mysqlclient==2.2.7
CMD ["python", "-c", "import MySQLdb; print(MySQLdb.get_client_info() > '1')"]
