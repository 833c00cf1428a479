import bz2, curses, hashlib, json, lzma, readline, sqlite3, ssl, uuid, zlib, zoneinfo

c = sqlite3.connect(":memory:")
c.execute("create table t (a)")
c.execute("insert into t values (7)")
print(c.execute("select a from t").fetchall(), json.dumps({"a": 1}))
print(len(zlib.compress(b"x" * 1000)), lzma.decompress(lzma.compress(b"y")), bz2.decompress(bz2.compress(b"z")))
print(uuid.uuid5(uuid.NAMESPACE_DNS, "x"), zoneinfo.ZoneInfo("Europe/Berlin"), hashlib.md5(b"").hexdigest())
