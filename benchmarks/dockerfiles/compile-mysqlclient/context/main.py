"""Loads two drivers that were compiled; the first one asks its library for its version."""

import MySQLdb
import psycopg2

print(MySQLdb.version_info[:3], bool(MySQLdb.get_client_info()), psycopg2.apilevel)
