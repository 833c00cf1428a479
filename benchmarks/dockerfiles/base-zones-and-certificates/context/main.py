import ssl
from datetime import datetime
from zoneinfo import ZoneInfo

print(datetime(2026, 7, 1, tzinfo=ZoneInfo("Europe/Berlin")).utcoffset())
print(ssl.create_default_context().cert_store_stats()["x509"] > 50)
