"""The keys that a pull request is known by. Pure, and never changed without a new version: they are the bot's memory.

=========== ================================================ ==============================================
key         made of                                          decides
=========== ================================================ ==============================================
slot        host, repository's id, base branch, group        the branch: one open pull request for each slot
change key  the instructions before and after, by rule       whether a person has answered this already
plan key    the blobs before and after, by path              whether the proposal is still the same
tree        the whole tree that comes out                    whether there is anything to push
=========== ================================================ ==============================================

A change key does not move when lines move or other instructions are edited; a plan key does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha1, sha256
from typing import NamedTuple

PREFIX = "dslim"
_SLOT = 8  # hexadecimal digits
_KEY = 32
_GROUP = 40  # characters of a group in a branch's name


class Replaced(NamedTuple):
    """One finding, by the text that it replaced: all instructions that it touched, before and after."""

    path: str
    rule: str
    before: str
    after: str


def slot(host: str, repository: str, base: str, group: str) -> str:
    """The key of a slot; ``repository`` is the forge's number, which outlives a new name or a transfer."""
    return _digest(host.lower(), repository, base, group)[:_SLOT]


def branch(group: str, slot: str, prefix: str = PREFIX + "/") -> str:
    """The branch of a slot: readable in front, unique behind."""
    readable = re.sub(r"[^a-z0-9]+", "-", group.lower()).strip("-")[:_GROUP].strip("-") or "root"
    return f"{prefix}{readable}-{slot}"


def change_key(replaced: Iterable[Replaced]) -> str:
    """What is proposed, regardless of where in the files it stands."""
    facts = sorted({(one.path, one.rule, _digest(_plain(one.before)), _digest(_plain(one.after))) for one in replaced})
    return _digest(*(word for fact in facts for word in fact))[:_KEY]


def plan_key(blobs: Iterable[tuple[str, str, str]]) -> str:
    """What is proposed for these very files: path, blob before, blob after."""
    return _digest(*(word for blob in sorted(blobs) for word in blob))[:_KEY]


def blob_sha(content: bytes) -> str:
    """The name that git gives to a file of this content."""
    return sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def text_key(text: str) -> str:
    """Recognizes a text that we wrote, however a forge ends its lines."""
    return _digest(text.replace("\r\n", "\n").strip())[:16]


def _plain(instruction: str) -> str:
    """An instruction without what may differ and mean the same: continuation marks, spaces, line endings."""
    return " ".join(re.sub(r"[\\`]\r?\n", " ", instruction).split())


def _digest(*words: str) -> str:
    """Unambiguous: each word goes with its length."""
    raw = [word.encode("utf-8", "surrogateescape") for word in words]
    data = b"".join(b"%d:%b" % (len(one), one) for one in raw)
    return sha256(data).hexdigest()
