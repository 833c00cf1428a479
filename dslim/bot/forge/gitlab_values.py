"""What GitLab's answers say, in our values, and ours in its words."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any

from dslim.bot.forge.protocol import CLOSED, MERGED, OPEN, Comment, Commit, NewCommit, PullRequest

DRAFT = "Draft: "
_STATES = {"opened": OPEN, "merged": MERGED}


def actions_of(commit: NewCommit) -> list[dict[str, str]]:
    """The files of a commit, as actions."""
    return [
        {
            "action": "create" if change.new else "update",
            "file_path": change.path,
            "content": base64.b64encode(change.content).decode(),
            "encoding": "base64",
        }
        for change in commit.changes
    ]


def commit_of(said: dict[str, Any]) -> Commit:
    """A commit."""
    return Commit(
        said["id"], "", tuple(said["parent_ids"]), said["message"], said["author_email"], said["committer_email"]
    )


def pull_of(said: dict[str, Any]) -> PullRequest:
    """A pull request."""
    draft = bool(said.get("draft"))
    unsure = said.get("detailed_merge_status") in ("unchecked", "checking", "preparing", "approvals_syncing", None)
    return PullRequest(
        said["iid"],
        _STATES.get(said["state"], CLOSED),
        said["title"].removeprefix(DRAFT) if draft else said["title"],
        said.get("description") or "",
        said.get("sha") or "",
        said["source_branch"],
        said["target_branch"],
        said["author"]["username"],
        tuple(said.get("labels") or ()),
        None if unsure else not said.get("has_conflicts"),
        draft,
        said.get("web_url", ""),
        _seconds(said.get("updated_at")),
    )


def is_own(said: dict[str, Any]) -> bool:
    """From a branch of the project itself, not of a fork."""
    return bool(said["source_project_id"] == said["target_project_id"])


def comment_of(said: dict[str, Any]) -> Comment:
    """A comment."""
    return Comment(said["id"], said["author"]["username"], said["body"], _seconds(said.get("created_at")))


def _seconds(text: str | None) -> float:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() if text else 0.0
