"""Other people's text in Markdown, inert: it mentions nobody, links nowhere, and ends no table, fold, fence or comment.

An entity is no cure, as forges look for ``@name`` and ``#1`` after they have resolved entities. A code span is one: nothing
in it is looked at. So each word that is not certainly plain goes into one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from dslim.terminal import inert

_PLAIN = re.compile(r"[A-Za-z0-9'\"(]?[A-Za-z0-9'(/,.;:%-]*[A-Za-z0-9'\"),.;:%]?", re.ASCII)
_LINKED = re.compile(r"[0-9a-f]{7,}|[A-Za-z]+-[0-9]+|.*(://|www\.|:[a-z_]+:).*", re.ASCII)
_LONGEST = 400  # characters of one sentence


def prose(text: str) -> str:
    """A sentence on one line: plain words as they are, all else as code."""
    words = " ".join(inert(text).split())
    if len(words) > _LONGEST:
        words = words[: _LONGEST - 1] + "…"
    parts = groupby(words.split(" "), key=_is_plain)
    return " ".join(" ".join(group) if plain else code(" ".join(group)) for plain, group in parts)


def _is_plain(word: str) -> bool:
    return bool(_PLAIN.fullmatch(word)) and not _LINKED.fullmatch(word.strip("(),.;'\""))


def code(text: str) -> str:
    """A code span on one line, which no backtick in the text can end. A ``|`` would end a cell of a table even here."""
    line = " ".join(inert(text).split()).replace("|", "¦") or " "
    fence = _fence(line, 1)
    pad = " " if line[0] == "`" or line[-1] == "`" else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def block(text: str, language: str = "") -> str:
    """A fenced block, which nothing in the text can end."""
    shown = inert(text.replace("\r\n", "\n"))
    fence = _fence(shown, 3)
    return f"{fence}{language}\n{shown.rstrip()}\n{fence}"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table of cells that are Markdown already."""
    heads = list(head)
    lines = [heads, ["---"] * len(heads), *map(list, rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def folded(summary: str, content: str) -> str:
    """Shown when a person opens it. ``summary`` is Markdown in a line of HTML, so only code spans made of text go in."""
    return f"<details><summary>{summary}</summary>\n\n{content}\n\n</details>"


def summary(text: str) -> str:
    """Text as HTML, for the summary of a fold, where Markdown is not read."""
    shown = inert(" ".join(text.split())).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<code>{shown}</code>"


def bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _fence(text: str, least: int) -> str:
    longest = max((len(run) for run in _runs(text)), default=0)
    return "`" * max(least, longest + 1)


def _runs(text: str) -> Iterator[str]:
    yield from re.findall(r"`+", text)
