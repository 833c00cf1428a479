"""What people write for a repository: ``owner/name``, a URL, or a folder with a clone; and which forge keeps it."""

from __future__ import annotations

import os
import subprocess
from typing import NamedTuple
from urllib.parse import urlsplit

from dslim.bot.secrets import redacted

FORGES = ("github", "gitlab", "forgejo", "git")
_KNOWN = {"github.com": "github", "gitlab.com": "gitlab", "codeberg.org": "forgejo"}
_APIS = {"github": "/api/v3", "gitlab": "", "forgejo": ""}


class Unclear(ValueError):
    """It cannot be told what is meant; the message says what to add."""


class Place(NamedTuple):
    """A repository on a forge. ``api`` is the base of the forge's API, "" for its public one; for git, ``name`` is what git
    understands: a URL or a path."""

    forge: str
    name: str
    api: str = ""


def place(text: str, forge: str = "", api: str = "") -> Place:
    """The repository that a person means.

    Raises:
        Unclear: see there.
    """
    if text.startswith(("/", ".", "~")) or (os.path.isdir(text) and text.count("/") != 1):
        return _folder(os.path.expanduser(text), forge, api)
    if "://" in text or text.startswith("git@"):
        return _url(text, forge, api)
    if forge == "git":
        return Place("git", text)
    return Place(forge or "github", text, api)


def _folder(path: str, forge: str, api: str) -> Place:
    """A clone: the repository that it came from, or, where no client is known for that, the clone itself."""
    if not os.path.isdir(path):
        raise Unclear(f"{path} is no folder; give owner/name, a URL, or a folder with a clone")
    if forge == "git":
        return Place("git", os.path.abspath(path))
    asked = ["git", "-C", path, "config", "--get", "remote.origin.url"]
    origin = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    if not origin:
        return Place("git", os.path.abspath(path))
    found = _url(origin, forge, api)
    return Place("git", os.path.abspath(path)) if found.forge == "git" else found


def _url(text: str, forge: str, api: str) -> Place:
    url = text.replace(":", "/", 1).replace("git@", "ssh://git@", 1) if text.startswith("git@") else text
    parts = urlsplit(url)
    kind = forge or _KNOWN.get(parts.hostname or "", "git")
    if kind == "git":
        return Place("git", text)
    name = parts.path.strip("/").removesuffix(".git")
    if "/" not in name:
        raise Unclear(f"{redacted(text)} names no repository; write it as https://{parts.hostname}/owner/name")
    public = (parts.hostname or "") in _KNOWN
    return Place(kind, name, api or ("" if public else f"https://{parts.hostname}{_APIS[kind]}"))
