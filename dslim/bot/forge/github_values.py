"""GitHub's answers as the values of the protocol."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from dslim.bot.forge.protocol import CLOSED, MERGED, OPEN, Comment, Commit, Entry, PullRequest


def entries(said: dict[str, Any], prefix: str) -> Iterator[Entry]:
    """The paths of a tree, below ``prefix``."""
    for one in said["tree"]:
        yield Entry(prefix + one["path"], one["mode"], one["sha"], one.get("size", -1))


def commit(said: dict[str, Any]) -> Commit:
    """A commit of the git database."""
    return Commit(
        said["sha"],
        said["tree"]["sha"],
        tuple(parent["sha"] for parent in said["parents"]),
        said["message"],
        (said.get("author") or {}).get("email") or "",
        (said.get("committer") or {}).get("email") or "",
    )


def pull(said: dict[str, Any]) -> PullRequest:
    """A pull request, of a list or alone."""
    merged = said.get("merged_at") or said.get("merged")
    return PullRequest(
        said["number"],
        OPEN if said["state"] == "open" else MERGED if merged else CLOSED,
        said["title"],
        said.get("body") or "",
        said["head"]["sha"],
        said["head"]["ref"],
        said["base"]["ref"],
        login(said),
        tuple(label["name"] for label in said.get("labels") or ()),
        said.get("mergeable"),
        bool(said.get("draft")),
        said.get("html_url", ""),
        _seconds(said.get("updated_at")),
    )


def comment(said: dict[str, Any]) -> Comment:
    """A comment."""
    return Comment(said["id"], login(said), said.get("body") or "", _seconds(said.get("created_at")))


def login(said: dict[str, Any]) -> str:
    """Who wrote it; "" for an account that is gone."""
    return str((said.get("user") or {}).get("login") or "")


def is_own(said: dict[str, Any], repo: str) -> bool:
    """From a branch of the repository itself, not of a fork (which may be gone)."""
    home = said["head"].get("repo") or {}
    return str(home.get("full_name", "")).lower() == repo.lower()


def _seconds(text: str | None) -> float:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() if text else 0.0
