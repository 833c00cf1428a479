"""Who sends webhooks, and how each says that it is the one: GitHub, GitLab, Forgejo and Gitea.

=============== ====================================================== ===========================================
sender          proof                                                  what it is of
=============== ====================================================== ===========================================
GitHub          ``X-Hub-Signature-256``                                 the body, under the secret
Forgejo, Gitea  ``X-Forgejo-Signature``, ``X-Gitea-Signature``          the same, without a word in front
GitLab          ``webhook-signature`` (the secret is ``whsec_...``)     name, time and body, under the secret
GitLab, older   ``X-Gitlab-Token``                                      nothing: it is the secret itself
=============== ====================================================== ===========================================

All are compared in a time that tells nothing. Facts from the documentation of the senders.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from dslim.bot.serve import gitlab_mail, mail
from dslim.bot.serve.mail import Mail

SIGNING = "whsec_"  # how a key of GitLab (and of the Standard Webhooks) begins
_FRESH = 300.0  # seconds for which a signed time counts

Headers = Mapping[str, str]


class Sender(NamedTuple):
    """The headers that name the event, the delivery and the proof (of several names the first that is there counts), what an
    event is called among us, whether a proof holds (secret, headers, body), and what a payload means."""

    event: tuple[str, ...]
    delivery: tuple[str, ...]
    proof: tuple[str, ...]
    words: Mapping[str, str]
    holds: Callable[[str, Headers, bytes], bool]
    read: Callable[[str, dict[str, Any]], Mail]


def said(headers: Headers, names: tuple[str, ...]) -> str:
    """What the first of these headers says; "" where there is none."""
    return next((headers[name] for name in names if name in headers), "")


def hexadecimal(secret: str, body: bytes) -> str:
    """The signature of GitHub and those that came after it."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _of_github(secret: str, headers: Headers, body: bytes) -> bool:
    return _same(f"sha256={hexadecimal(secret, body)}", headers.get("x-hub-signature-256", ""))


def _of_forgejo(secret: str, headers: Headers, body: bytes) -> bool:
    return _same(hexadecimal(secret, body), said(headers, FORGEJO.proof))


def _of_gitlab(secret: str, headers: Headers, body: bytes) -> bool:
    if not secret.startswith(SIGNING):
        return _same(secret, headers.get("x-gitlab-token", ""))
    name, when = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    try:
        key = base64.b64decode(secret.removeprefix(SIGNING), validate=True)
        old = abs(time.time() - int(when))
    except (binascii.Error, ValueError):
        return False
    made = hmac.new(key, f"{name}.{when}.".encode("utf-8", "replace") + body, hashlib.sha256).digest()
    right = f"v1,{base64.b64encode(made).decode()}"
    return old <= _FRESH and any(_same(right, one) for one in headers.get("webhook-signature", "").split(" "))


def _same(right: str, given: str) -> bool:
    return hmac.compare_digest(right.encode(), given.encode("utf-8", "replace"))


_OURS = (
    "push",
    "pull_request",
    "issue_comment",
    "issues",
    "installation",
    "installation_repositories",
    "repository",
    "ping",
)
_SAME = {word: word for word in _OURS}

GITHUB = Sender(("x-github-event",), ("x-github-delivery",), ("x-hub-signature-256",), _SAME, _of_github, mail.read)
FORGEJO = Sender(
    ("x-forgejo-event", "x-gitea-event"),
    ("x-forgejo-delivery", "x-gitea-delivery"),
    ("x-forgejo-signature", "x-gitea-signature"),
    _SAME,
    _of_forgejo,
    lambda event, payload: mail.read(event, payload, typed=False),
)
GITLAB = Sender(
    ("x-gitlab-event",),
    ("webhook-id", "idempotency-key", "x-gitlab-event-uuid"),
    ("webhook-signature", "x-gitlab-token"),
    {
        "Push Hook": "push",
        "Merge Request Hook": "pull_request",
        "Note Hook": "issue_comment",
        "Issue Hook": "issues",
        "Tag Push Hook": "push",
    },
    _of_gitlab,
    gitlab_mail.read,
)
SENDERS = {"github": GITHUB, "gitlab": GITLAB, "forgejo": FORGEJO}
