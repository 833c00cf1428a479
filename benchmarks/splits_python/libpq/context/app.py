import psycopg2

print(psycopg2.__libpq_version__ > 0, psycopg2.extensions.Notify(1, "a"))
try:
    psycopg2.connect("host=127.0.0.1 port=1")
except psycopg2.OperationalError as error:
    print("refused" in str(error))
