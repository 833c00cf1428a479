"""What an answer of GitLab or Forgejo means that is not the one hoped for. GitHub's are told apart in `github_client.py`."""

from __future__ import annotations

from collections.abc import Mapping

from dslim.bot.forge import trouble
from dslim.bot.limiter import Limiter
from dslim.bot.secrets import redacted

_THERE = ("already exists", "already been taken", "another open merge request")
_MOVED = ("has changed", "does not match", "sha does not match", "was changed", "no longer exists", "doesn't exist")


def meaning(asked: str, status: int, said: str, headers: Mapping[str, str], limiter: Limiter) -> trouble.ForgeTrouble:
    """The trouble. ``asked`` is the request, as in ``GET /user``; ``said`` what the forge said of it."""
    low = said.lower()
    line = redacted(" ".join(f"{asked}: {status} {said}".split()))[:500]
    if status == 429:
        return trouble.RateLimited(line, limiter.refused(_as_github(headers)))
    if status >= 500:
        if "retry-after" in {name.lower() for name in headers}:
            return trouble.RateLimited(line, limiter.refused(_as_github(headers)))
        return trouble.Unavailable(line)
    if status == 401:
        return trouble.Unauthorized(f"{line}; give a token that is valid")
    if status == 404:
        return trouble.NotFound(f"{line}; it is not there, or the token may not see or write it")
    if status in (403, 423, 451) and any(word in low for word in ("archived", "read-only", "disabled", "locked")):
        return trouble.Archived(line)
    if any(word in low for word in _THERE):
        return trouble.AlreadyExists(line)
    if status == 409 or any(word in low for word in _MOVED):
        return trouble.Conflict(line)
    if "protected" in low:
        return trouble.Refused(f"{line}; allow the bot to push to its own branches (dslim/**)")
    return trouble.Refused(f"{line}; see which permissions the bot needs")


def _as_github(headers: Mapping[str, str]) -> dict[str, str]:
    """GitLab's names for the same limits have no ``X-``."""
    known = {name.lower(): value for name, value in headers.items()}
    for name in ("ratelimit-remaining", "ratelimit-reset"):
        if name in known:
            known.setdefault(f"x-{name}", known[name])
    return known
