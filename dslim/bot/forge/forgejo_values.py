"""What Forgejo's answers say, in our values, and ours in its words."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from dslim.bot.forge.forgejo_client import at
from dslim.bot.forge.protocol import CLOSED, MERGED, OPEN, Annotate, Comment, Commit, NewCommit, PullRequest

DRAFT = "WIP: "


def annotations_of(repo: str, write: Annotate) -> Iterator[tuple[str, str, dict[str, list[str]]]]:
    """One request for each kind, so that one that fails costs only itself. Labels are known by their names."""
    if write.labels:
        yield "POST", at(repo, "issues", write.number, "labels"), {"labels": list(write.labels)}
    if write.assignees:
        yield "PATCH", at(repo, "issues", write.number), {"assignees": list(write.assignees)}
    if write.reviewers:
        people = [name for name in write.reviewers if not name.startswith("team:")]
        teams = [name.removeprefix("team:") for name in write.reviewers if name.startswith("team:")]
        sent = {"reviewers": people, "team_reviewers": teams}
        yield "POST", at(repo, "pulls", write.number, "requested_reviewers"), {k: v for k, v in sent.items() if v}


def files_of(commit: NewCommit, shas: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Each with the blob that it must be now: a stale one is refused."""
    for change in commit.changes:
        known = {"operation": "create"} if change.new else {"operation": "update", "sha": shas[change.path]}
        yield {**known, "path": change.path, "content": base64.b64encode(change.content).decode()}


def commit_of(said: dict[str, Any]) -> Commit:
    """A commit."""
    inner = said["commit"]
    return Commit(
        said["sha"],
        inner["tree"]["sha"],
        tuple(parent["sha"] for parent in said.get("parents") or ()),
        inner["message"],
        (inner.get("author") or {}).get("email") or "",
        (inner.get("committer") or {}).get("email") or "",
    )


def pull_of(said: dict[str, Any]) -> PullRequest:
    """A pull request."""
    draft = said["title"].startswith(DRAFT)
    return PullRequest(
        said["number"],
        MERGED if said.get("merged") else OPEN if said["state"] == "open" else CLOSED,
        said["title"].removeprefix(DRAFT),
        said.get("body") or "",
        said["head"]["sha"],
        said["head"]["ref"],
        said["base"]["ref"],
        (said.get("user") or {}).get("login", ""),
        tuple(label["name"] for label in said.get("labels") or ()),
        said.get("mergeable") if said["state"] == "open" else None,
        draft,
        said.get("html_url", ""),
        _seconds(said.get("updated_at")),
    )


def is_own(said: dict[str, Any]) -> bool:
    """From a branch of the repository itself, not of a fork."""
    return bool(said["head"].get("repo_id") == said["base"].get("repo_id"))


def comment_of(said: dict[str, Any]) -> Comment:
    """A comment."""
    return Comment(said["id"], said["user"]["login"], said.get("body") or "", _seconds(said.get("created_at")))


def _seconds(text: str | None) -> float:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() if text else 0.0
