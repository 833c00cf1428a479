import hashlib


def words():
    return [hashlib.sha256(w.encode()).hexdigest()[:8] for w in ("a", "b")]
