"""Lists of repositories, as people keep them: a line each, comments after ``#``."""

from __future__ import annotations

import re
import sys

from dslim.bot.forge.trouble import NotFound
from dslim.files import Trouble, read

_LARGEST = 64 * 2**20  # bytes
_NAME = re.compile(r"[A-Za-z0-9_][\w.-]*(/[\w.-]+)+", re.ASCII)
_URL = re.compile(r"(https?|ssh|git|file)://\S+|[\w.-]+@[\w.-]+:\S+|/\S*", re.ASCII)


class BadList(ValueError):
    """A list that cannot be used; the message says where and why."""


def repositories(path: str) -> tuple[str, ...]:
    """The repositories in a file, ``-`` for standard input, each once, whatever the case of its letters.

    Raises:
        BadList: see there.
    """
    data = sys.stdin.buffer.read() if path == "-" else read(path, _LARGEST)
    if isinstance(data, Trouble):
        raise BadList(f"{path}: {data.cause}")
    found: dict[str, str] = {}
    for number, line in enumerate(data.decode("utf-8", "replace").removeprefix("\ufeff").splitlines(), 1):
        name = re.sub(r"(^|\s)#.*", "", line).strip()
        if not name:
            continue
        if not is_name(name) and not _URL.fullmatch(name):
            raise BadList(f"{path}:{number}: {name!r} is no repository; write owner/name, or a URL")
        found.setdefault(name.lower(), name)
    return tuple(found.values())


def is_name(name: str) -> bool:
    """``owner/name`` (or ``group/subgroup/name``) that cannot lead anywhere else in an address."""
    return bool(_NAME.fullmatch(name)) and not {".", ".."} & set(name.split("/"))


def within(path: str) -> str:
    """The path of a request, unless a part of it leads to another address: a branch may be called anything in a file.

    Raises:
        NotFound: it does.
    """
    if {".", ".."} & set(path.split("/")):
        raise NotFound(f"{path!r} is no address on a forge; is a name in it wrong?")
    return path
