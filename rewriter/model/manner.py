"""How an author lays a list of commands out over several lines: where ``&&`` stands, and how far its lines are indented.

A RUN that does not show it is laid out like the first one of its file that does.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from rewriter.model.run import Run
from rewriter.text import newline_of

INDENT: Final = "    "


class Manner(NamedTuple):
    """``leading``: ``&&`` begins a line, it does not end one. ``indent`` are the blanks in front of a command's line."""

    leading: bool
    indent: str


def manner(runs: Sequence[Run]) -> Manner:
    """How the first of the RUNs does it that shows it, else how the file does."""
    for run in runs:
        found = _shown(run)
        if found is not None:
            return found
    own = next((indentation(run) for run in runs if _several_lines(run)), "")
    other = next(filter(None, map(_shown, runs[0].file.runs)), Manner(True, INDENT))
    return Manner(other.leading, own or other.indent or INDENT)


def indentation(run: Run) -> str:
    """The blanks in front of the lines in which commands of the RUN begin; for one whose further lines are all arguments
    those of the arguments, unless they stand deeper than commands do."""
    found = _shown(run)
    if found is not None:
        return found.indent
    begun = _begun_line(run)
    if begun:
        return begun
    for line in run.file.source[run.span.start : run.instruction.end].split("\n")[1:]:
        text = line.lstrip(" \t")
        if text.strip() and not text.startswith("#"):
            lead = line[: len(line) - len(text)]
            return lead if 0 < len(lead.expandtabs(4)) <= len(INDENT) else "\t" if lead[:1] == "\t" else INDENT
    return INDENT


def line_break(run: Run, operator: str) -> str:
    """What goes between two commands so that the second one begins a line (``;`` stays at the end of the first)."""
    leading, lead = manner((run,))
    newline = newline_of(run.file.source)
    if operator == ";":
        return f"; {run.file.escape}{newline}{lead}"
    if leading:
        return f" {run.file.escape}{newline}{lead}{operator} "
    return f" {operator} {run.file.escape}{newline}{lead}"


def last_character(run: Run, offset: int) -> int:
    """The source offset just after the visible character before script offset ``offset``."""
    return run.visible.source(offset - 1) + 1


def _several_lines(run: Run) -> bool:
    return "\n" in run.file.source[run.span.start : run.instruction.end]


def _shown(run: Run) -> Manner | None:
    """What a RUN with ``&&`` between two lines shows."""
    if run.form != "shell" or run.script is None or not _several_lines(run):
        return None
    for statement in run.script.body.statements:
        for left, right in pairwise(statement.list.pipelines):
            gap = run.file.source[last_character(run, left.end) : run.visible.source(right.start)]
            first, newline, rest = gap.partition("\n")
            if newline and "#" not in first and "||" not in gap:  # comments may follow, on lines of their own
                last = rest.rpartition("\n")[2]
                return Manner(not first.lstrip().startswith("&&"), last[: len(last) - len(last.lstrip(" \t"))])
    return None


def _begun_line(run: Run) -> str:
    """The blanks in front of a statement that begins a line: ``set -e; \\``."""
    for left, right in pairwise(run.script.body.statements if run.script is not None else ()):
        gap = run.file.source[last_character(run, left.end) : run.visible.source(right.start)]
        last = gap.rpartition("\n")[2]
        if "\n" in gap and not last.strip(" \t"):
            return last
    return ""
