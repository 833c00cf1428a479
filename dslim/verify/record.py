"""The outcome as JSON, by `schema/verify-1.json`."""

from __future__ import annotations

import json

from dslim.verify.sizes import Side
from dslim.verify.verdict import Verified

VERSION = 1


def record(verified: Verified, path: str = "", against: str = "") -> dict[str, object]:
    """The outcome as JSON's values. ``path`` is the Dockerfile, ``against`` the other one, "" for its rewrite."""
    return {
        "version": VERSION,
        "verdict": verified.verdict,
        "path": path,
        "against": against or None,
        "because": list(verified.because),
        "before": _side(verified.before),
        "after": _side(verified.after),
        "config": {key: list(pair) for key, pair in verified.config.items()},
        "differences": [{"path": one.path, "kind": one.kind, "what": one.what} for one in verified.differences],
        "explained": dict(verified.explained),
        "program": [{"check": one.check, "ok": one.ok, "detail": one.detail} for one in verified.program],
        "notes": list(verified.notes),
    }


def dumped(record: dict[str, object]) -> str:
    """The record as ASCII with a newline. A path that is not UTF-8 has half characters, which JSON writes as escapes."""
    return json.dumps(record, indent=2) + "\n"


def _side(side: Side) -> dict[str, object]:
    return {
        "built": side.built,
        "bytes": side.bytes if side.built else None,
        "compressed_bytes": side.compressed_bytes,
        "layers": side.layers if side.built else None,
        "seconds": round(side.seconds, 1),
        "instructions": [{"instruction": one.instruction, "bytes": one.bytes} for one in side.instructions],
        "failure": side.failure or None,
    }
