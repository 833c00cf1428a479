"""Says by which libpq it talks, and what it says of a server that is not there."""

import psycopg2

print(psycopg2.__version__.split()[0], psycopg2.__libpq_version__ > 0)
try:
    psycopg2.connect("host=127.0.0.1 port=1 dbname=none connect_timeout=2")
except psycopg2.OperationalError as error:
    print("refused" in str(error))
