"""The keys that a pull request is known by. Pure, and never changed without a new version: they are the bot's memory.

=========== ================================================ ==============================================
key         made of                                          decides
=========== ================================================ ==============================================
slot        host, repository's id, base branch, group        the branch: one open pull request for each slot
question    path, one rule, one instruction before           whether a person has answered this already
change key  path, rules, instructions before and after       whether the pull request is still the right one
plan key    the blobs before and after, by path              whether the proposal is still the same
tree        the whole tree that comes out                    whether there is anything to push
=========== ================================================ ==============================================

A question and a change key do not change when lines move or other instructions are edited; a plan key does. What people
answer to is kept question by question (`questions.py`), so that a pull request does not come back because one more file, or
one more rule, has something to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha1, sha256
from typing import NamedTuple

PREFIX = "dslim"
_SLOT = 8  # hexadecimal digits
_KEY = 32
_ANSWER = 16
_QUESTION = 12
_GROUP = 40  # characters of a group in a branch's name


class Replaced(NamedTuple):
    """What happens to one file: the instructions that change, before and after, and the rules that are to blame."""

    path: str
    rules: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]


def slot(host: str, repository: str, base: str, group: str) -> str:
    """The key of a slot; ``repository`` is the forge's number, which outlives a new name or a transfer. ``base`` is ""
    for the default branch, which may get another name, too."""
    return _digest(host.lower(), repository, base, group)[:_SLOT]


def branch(group: str, slot: str, prefix: str = PREFIX + "/") -> str:
    """The branch of a slot: readable in front, unique behind."""
    readable = re.sub(r"[^a-z0-9]+", "-", group.lower()).strip("-")[:_GROUP].strip("-") or "root"
    return f"{prefix}{readable}-{slot}"


def question_key(path: str, rule: str, instruction: str) -> str:
    """What people answer to: whether this rule may change this instruction, however we would write it afterwards."""
    return _digest("question", path, rule, _plain(instruction))[:_QUESTION]


def answer_key(replaced: Replaced) -> str:
    """A part of the change key. Once it was what people answered to, so ledgers and pull requests have it as an answer."""
    words = (*sorted(replaced.rules), "|", *sorted(map(_plain, replaced.before)))
    return _digest(replaced.path, *words)[:_ANSWER]


def change_key(replaced: Iterable[Replaced]) -> str:
    """What is proposed, regardless of where in the files it stands."""
    facts = sorted(_digest(answer_key(one), *sorted(map(_plain, one.after))) for one in replaced)
    return _digest(*facts)[:_KEY]


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
