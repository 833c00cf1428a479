"""Webhook payloads as GitHub sends them, and how it signs them."""

from __future__ import annotations

import functools
import hashlib
import hmac
import json
from typing import Any

from tests.bot.counterparts.npm import HERE


@functools.cache
def _all() -> dict[str, list[dict[str, Any]]]:
    read: dict[str, list[dict[str, Any]]] = json.loads((HERE / "webhooks" / "payloads.json").read_text("utf-8"))
    return read


def payload(event: str, action: str | None = None) -> dict[str, Any]:
    """The first payload of an event, with this action where it has any. A copy: change it as the test needs."""
    found = next(one for one in _all()[event] if one.get("action") == action)
    copy: dict[str, Any] = json.loads(json.dumps(found))
    return copy


def signature(secret: str, body: bytes) -> str:
    """The value of ``X-Hub-Signature-256``."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
