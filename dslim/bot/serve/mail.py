"""What a delivery of a webhook means. Pure: an event and its payload go in, repositories and commands come out.

A payload is only a hint that something happened: whoever acts on it looks at the forge first. So deliveries may be lost, come
twice or out of order. Nothing in it is trusted to be of the right type.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from dslim.bot.keys import PREFIX
from dslim.bot.names import is_name
from dslim.bot.serve.comments import Command, commands

SOON = 5.0  # seconds: pushes come in crowds


class Asked(NamedTuple):
    """Commands of a comment. ``number`` is of the pull request or issue, ``comment`` of the comment."""

    repository: str
    number: int
    comment: int
    login: str
    commands: tuple[Command, ...]


class Mail(NamedTuple):
    """``repositories`` are to be looked at, after ``delay`` seconds. ``why`` says why there are none.

    ``branch`` was pushed to, where that may be a branch that we do not work for.
    """

    repositories: tuple[str, ...] = ()
    delay: float = 0.0
    asked: Asked | None = None
    why: str = ""
    branch: str = ""


def read(event: str, payload: dict[str, Any], typed: bool = True) -> Mail:
    """What an event means, in GitHub's words. ``typed``: it says of whoever comments whether that is a person."""
    name = text(payload, "repository", "full_name")
    action = text(payload, "action")
    if event in ("installation", "installation_repositories"):
        return _installed(action, payload)
    if event not in ("push", "pull_request", "issue_comment", "issues", "repository"):
        return Mail(why="an event that means nothing to us")
    if not is_name(name):
        return Mail(why="it names no repository")
    if event == "push":
        return _pushed(name, payload)
    if event == "pull_request":
        ours = _is_ours(text(payload, "pull_request", "head", "ref"))
        return Mail((name,)) if ours else Mail(why="not one of our pull requests")
    if event == "issue_comment":
        return _said(name, action, payload, typed)
    if event == "issues":
        from_us = "<!-- dslim:dashboard" in text(payload, "issue", "body")
        return Mail((name,)) if from_us and action == "edited" else Mail(why="not our issue")
    return Mail(why="the repository is gone") if action == "deleted" else Mail((name,))


def _pushed(name: str, payload: dict[str, Any]) -> Mail:
    """To a branch that we work for, or to one of ours (somebody works on it)."""
    ref = text(payload, "ref")
    branch = ref.removeprefix("refs/heads/")
    if branch == ref:
        return Mail(why="not a branch")
    if _is_ours(branch):
        return Mail((name,), SOON)
    if payload.get("deleted") is True:
        return Mail(why="a branch that is gone")
    default = branch == text(payload, "repository", "default_branch")
    return Mail((name,), SOON, branch="" if default else branch)


def _said(name: str, action: str, payload: dict[str, Any], typed: bool) -> Mail:
    """Only what was just written by a person; who may do that is asked of the forge, later."""
    if action != "created":
        return Mail(why="only new comments count")
    login = text(payload, "comment", "user", "login")
    person = not typed or text(payload, "comment", "user", "type") == "User"
    if not person or login.endswith("[bot]") or not login:
        return Mail(why="not from a person")
    issue, comment = number(payload, "issue", "number"), number(payload, "comment", "id")
    found = commands(text(payload, "comment", "body"))
    if not found or issue < 1 or comment < 1:
        return Mail(why="no command")
    return Mail((name,), asked=Asked(name, issue, comment, login, found))


def _installed(action: str, payload: dict[str, Any]) -> Mail:
    """Repositories that we may write to from now on."""
    if action not in ("created", "added", "unsuspend", "new_permissions_accepted"):
        return Mail(why="nothing was added")
    lists = (payload.get(key) for key in ("repositories", "repositories_added"))
    names = [text(one, "full_name") for some in lists if isinstance(some, list) for one in some]
    found = tuple(dict.fromkeys(name for name in names if is_name(name)))
    return Mail(found) if found else Mail(why="no repository was added")


def _is_ours(branch: str) -> bool:
    return branch.startswith((f"{PREFIX}/", f"{PREFIX}-"))


def _at(value: object, path: tuple[str, ...]) -> object:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def text(value: object, *path: str) -> str:
    """The text at a place in JSON; "" where there is none."""
    found = _at(value, path)
    return found.encode("utf-8", "replace").decode() if isinstance(found, str) else ""


def number(value: object, *path: str) -> int:
    """The number at a place in JSON; 0 where there is none that can count things."""
    found = _at(value, path)
    return found if isinstance(found, int) and not isinstance(found, bool) and 0 < found < 1 << 62 else 0
