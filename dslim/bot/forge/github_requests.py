"""The requests that a write makes on GitHub, told before they are made; the tests hold them against the log of the wire."""

from __future__ import annotations

from collections.abc import Iterator

from dslim.bot.forge.github_client import at
from dslim.bot.forge.protocol import Annotate, DropBranch, EditPull, OpenPull, Push, PutIssue, React, Say, Write


def requests_of(repo: str, write: Write) -> Iterator[str]:
    """One line for each request, in their order."""
    match write:
        case Push():
            for commit in write.commits:
                yield from (f"POST {at(repo, 'git/blobs')}" for one in commit.changes if text(one.content) is None)
                yield f"POST {at(repo, 'git/trees')}"
                yield f"POST {at(repo, 'git/commits')}"
            yield "POST /graphql" if write.expected else f"POST {at(repo, 'git/refs')}"
        case OpenPull():
            yield f"POST {at(repo, 'pulls')}"
        case EditPull():
            yield f"PATCH {at(repo, 'pulls', write.number)}"
        case Annotate():
            yield from (f"POST {path}" for path, _ in additions(repo, write))
        case Say():
            yield f"POST {at(repo, 'issues', write.number, 'comments')}"
        case React():
            yield f"POST {at(repo, 'issues/comments', write.comment, 'reactions')}"
        case DropBranch():
            yield "POST /graphql"
        case PutIssue():
            yield f"PATCH {at(repo, 'issues', write.number)}" if write.number else f"POST {at(repo, 'issues')}"


def additions(repo: str, write: Annotate) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """One request for each kind, so that one that fails costs only itself."""
    if write.labels:
        yield at(repo, "issues", write.number, "labels"), {"labels": list(write.labels)}
    if write.assignees:
        yield at(repo, "issues", write.number, "assignees"), {"assignees": list(write.assignees)}
    if write.reviewers:
        people = [name for name in write.reviewers if not name.startswith("team:")]
        teams = [name.removeprefix("team:") for name in write.reviewers if name.startswith("team:")]
        sent = {"reviewers": people, "team_reviewers": teams}
        yield (
            at(repo, "pulls", write.number, "requested_reviewers"),
            {key: names for key, names in sent.items() if names},
        )


def text(content: bytes) -> str | None:
    """What JSON can carry without loss; None for what it cannot."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return None
