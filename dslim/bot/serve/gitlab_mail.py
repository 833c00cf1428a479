"""What a delivery of GitLab means: its payload in GitHub's words, read by `mail.py`. Pure."""

from __future__ import annotations

import re
from typing import Any

from dslim.bot.serve import mail
from dslim.bot.serve.mail import Mail, number, text

_NOTHING = "0" * 40  # where a branch that is gone points at
_BOT = re.compile(r"(?:project|group)_\d+_bot(?:_\w+)?", re.ASCII)  # who an access token of a project writes as


def read(event: str, payload: dict[str, Any]) -> Mail:
    """``event`` is in our words (`senders.py`)."""
    translate = {"push": _push, "pull_request": _pull, "issue_comment": _comment, "issues": _issue}.get(event)
    if translate is None:
        return Mail(why="an event that means nothing to us")
    repository = {
        "full_name": text(payload, "project", "path_with_namespace"),
        "default_branch": text(payload, "project", "default_branch"),
    }
    return mail.read(event, {"repository": repository, **translate(payload)})


def _push(payload: dict[str, Any]) -> dict[str, Any]:
    return {"ref": text(payload, "ref"), "deleted": text(payload, "after") == _NOTHING}


def _pull(payload: dict[str, Any]) -> dict[str, Any]:
    return {"pull_request": {"head": {"ref": text(payload, "object_attributes", "source_branch")}}}


def _comment(payload: dict[str, Any]) -> dict[str, Any]:
    """Only merge requests: issues count for themselves there, and have the same numbers."""
    login = text(payload, "user", "username")
    about = text(payload, "object_attributes", "noteable_type") == "MergeRequest"
    new = text(payload, "object_attributes", "action") in ("create", "")  # older ones only tell of new comments
    return {
        "action": "created" if about and new else "",
        "issue": {"number": number(payload, "merge_request", "iid")},
        "comment": {
            "id": number(payload, "object_attributes", "id"),
            "body": text(payload, "object_attributes", "note"),
            "user": {"login": login, "type": "Bot" if _BOT.fullmatch(login) else "User"},
        },
    }


def _issue(payload: dict[str, Any]) -> dict[str, Any]:
    edited = text(payload, "object_attributes", "action") == "update"
    return {"action": "edited" if edited else "", "issue": {"body": text(payload, "object_attributes", "description")}}
