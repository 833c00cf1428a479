"""What a pull request says about itself to us: a hidden comment in its body, and trailers of its commits.

They are the memory that survives a lost ledger. Only what stands in a pull request that we opened is believed.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import NamedTuple

from dslim.bot.keys import text_key

SUPERSEDED = "superseded"
_COMMENT = re.compile(r"<!-- dslim:v1 ([A-Za-z0-9+/=]+) -->")
_BOX = re.compile(r"^- \[([ xX])\] <!-- dslim:recreate -->", re.MULTILINE)
_TRAILER = re.compile(r"^Dslim-(Slot|Change|Tree): ([0-9a-f]+)\s*$", re.MULTILINE)


class Metadata(NamedTuple):
    """``head`` and ``tree`` are what we pushed last, onto ``base_head``; ``answers`` are the questions that it asks.

    ``title`` and ``body`` are keys of the texts that we wrote last; ``labels`` are those that we set when we opened it;
    ``closed`` is :data:`SUPERSEDED` where it was us who closed it.
    """

    slot: str
    group: str
    change_key: str
    plan_key: str
    answers: tuple[str, ...]
    head: str
    tree: str
    base_head: str
    title: str = ""
    body: str = ""
    labels: tuple[str, ...] = ()
    version: str = ""
    closed: str = ""


def hidden(metadata: Metadata) -> str:
    """The comment that holds it."""
    raw = json.dumps(metadata._asdict(), sort_keys=True, separators=(",", ":")).encode()
    return f"<!-- dslim:v1 {base64.b64encode(raw).decode()} -->"


def find(body: str) -> Metadata | None:
    """What a body holds. The last comment counts: what is quoted from a Dockerfile stands above it."""
    found = _COMMENT.findall(body)
    if not found:
        return None
    try:
        values = json.loads(base64.b64decode(found[-1], validate=True))
        return Metadata(**{**values, "answers": _words(values["answers"]), "labels": _words(values["labels"])})
    except (binascii.Error, ValueError, TypeError, KeyError):
        return None


def sealed(text: str, metadata: Metadata) -> str:
    """A body with its metadata, which knows the text around it."""
    return f"{text.rstrip()}\n\n{hidden(metadata._replace(body=body_key(text)))}\n"


def resealed(body: str, metadata: Metadata) -> str:
    """The same body with other metadata; a person's words in it stay."""
    found = list(_COMMENT.finditer(body))
    if not found:
        return f"{body.rstrip()}\n\n{hidden(metadata)}\n"
    return body[: found[-1].start()] + hidden(metadata) + body[found[-1].end() :]


def body_key(body: str) -> str:
    """Recognizes a body that we wrote, also when its box was ticked."""
    return text_key(_BOX.sub("- [ ] <!-- dslim:recreate -->", _COMMENT.sub("", body)))


def box() -> str:
    """What a person ticks to have the pull request made anew."""
    return "- [ ] <!-- dslim:recreate -->"


def ticked(body: str) -> bool:
    """True when a person did."""
    found = _BOX.findall(body)
    return bool(found) and found[-1] != " "


def trailers(slot: str, change_key: str = "", tree: str = "") -> str:
    """The last paragraph of a commit's message: of the one that a branch points at, or with the slot alone of those below."""
    more = f"\nDslim-Change: {change_key}\nDslim-Tree: {tree}" if change_key else ""
    return f"Dslim-Slot: {slot}{more}"


def trailer(message: str) -> dict[str, str]:
    """The trailers of a message, by name in lower case."""
    return {name.lower(): value for name, value in _TRAILER.findall(message)}


def _words(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise TypeError("not a list of strings")
    return tuple(value)
