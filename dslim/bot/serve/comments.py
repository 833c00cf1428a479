"""Commands in comments: ``@dslim VERB [ARGUMENT]`` at the beginning of a line, where a person wrote it in their own words.

What is quoted, in code, in a list or hidden is talk about commands, not a command. Markdown is read by a library that knows it
(markdown-it-py, CommonMark), since everything that we would miss is somebody else's text that we obey.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

VERBS = ("rebase", "recreate", "approve", "ignore", "pause", "resume", "explain")
_WITH_ARGUMENT = ("approve", "ignore", "explain")
_LONGEST = 65_536  # characters of a comment on GitHub
_MOST = 5  # commands of one comment
_LINE = re.compile(r"@dslim[ \t]+([a-z]+)(?:[ \t]+(\S.{0,300}?))?[ \t.!]*", re.IGNORECASE)


class Command(NamedTuple):
    """One of :data:`VERBS`, or "" for a word that is none; ``argument`` is a rule or a path."""

    verb: str
    argument: str = ""


def commands(text: str) -> tuple[Command, ...]:
    """What a comment asks for, in its order."""
    if "@dslim" not in text.lower() or len(text) > _LONGEST:
        return ()
    found = [_command(line) for paragraph in _paragraphs(text) for line in paragraph]
    return tuple(command for command in found if command is not None)[:_MOST]


def _paragraphs(text: str) -> list[list[str]]:
    """The lines of the paragraphs that stand in nothing else. Only plain text counts: a line that begins otherwise is none."""
    tokens = _reader().parse(text)
    found: list[list[str]] = []
    for before, token in pairwise(tokens):
        if token.type != "inline" or token.level != 1 or before.type != "paragraph_open":
            continue
        lines: list[str] = [""]
        for child in token.children or ():
            if child.type in ("softbreak", "hardbreak"):
                lines.append("")
            elif child.type == "code_inline" and lines[-1]:
                lines[-1] += child.content  # an argument may be written as code, the command may not
            else:
                lines[-1] += child.content if child.type == "text" else "\0"
        found.append(lines)
    return found


def _command(line: str) -> Command | None:
    said = _LINE.fullmatch(line.strip(" \t"))
    if said is None or "\0" in line:
        return None
    verb, argument = said[1].lower(), " ".join((said[2] or "").split())
    if verb not in VERBS or bool(argument) != (verb in _WITH_ARGUMENT):
        return Command("")
    return Command(verb, argument)


@cache
def _reader() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark")
