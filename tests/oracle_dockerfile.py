"""Compares our reading of a Dockerfile with that of BuildKit's own parser (in the ``dockerfile`` wheel).

The wheel holds BuildKit as of 2021. Two things that it did not know yet are kept out of the comparison: the directive
``# check=``, and here-documents on a line with ``${x#y}``, ``${x%y}`` or ``${x/y/z}``.
"""

from __future__ import annotations

import re

import dockerfile

from rewriter.syntax.dockerfile import KNOWN, Unreadable, read, unquoted
from rewriter.syntax.nodes import Dockerfile, Instruction, Kind, Trivia
from rewriter.syntax.words import GAP, key_values, split
from rewriter.text import BOM

_CHECK = re.compile(r"\s*#\s*check\s*=", re.IGNORECASE)
_MODIFIER = re.compile(r"\$\{[^{}]*[#%/]")
_TYPE = re.compile(r"([^ \t\n\v\f\r]+)[ \t\n\v\f\r]*(.*)", re.DOTALL)


def values(node: Instruction, escape: str) -> tuple[str, ...]:
    """The arguments of an instruction in the shape in which the wheel reports them."""
    body = node.body.text
    if node.name == "HEALTHCHECK" and (match := _TYPE.match(body)):
        rest = (match[2],) if match[2] else ()
        return (match[1], *(rest if node.args is None else node.args))
    if node.args is not None:
        return node.args
    if node.name not in KNOWN or (node.name == "ONBUILD" and body):
        return ("",)
    if not body:
        return ()
    if node.name in ("ADD", "COPY", "EXPOSE", "FROM", "VOLUME"):
        return tuple(GAP.split(body))
    if node.name in ("ENV", "LABEL"):
        return tuple(text or "" for pair in key_values(body, escape) for text in pair[:2])
    if node.name == "ARG":
        return tuple(part.raw for part in split(body, escape))
    return (body,)


def broken_pieces(file: Dockerfile) -> list[str]:
    """The visible texts whose characters are not where they say they are."""
    found = []
    for node in file.instructions:
        for part in (node, node.trigger):
            if part is None:
                continue
            body = part.body
            if body.pieces[0][0] != 0 or any(
                file.source[body.source(i)] != letter for i, letter in enumerate(body.text)
            ):
                found.append(f"{part.name}: visible text {body.text!r} is not where it says")
            spans = (part.keyword, *(flag.span for flag in part.flags))
            found += [f"{part.name}: {span} lies outside it" for span in spans if not part.span.covers(span)]
            if not part.keyword.end <= part.end <= part.span.end:
                found.append(f"{part.name}: end {part.end} lies outside {part.span}")
    return found


def differences(source: str) -> list[str]:
    """Where the two readings differ, in words; empty when they agree (both refusing counts as agreeing)."""
    found = _compared(source)
    return [] if found and _newer(source, found[0]) else found


def _newer(source: str, difference: str) -> bool:
    """True when the source uses what the wheel's BuildKit did not know, so that the two may differ."""
    if "given twice" in difference:
        return _CHECK.search(source) is not None
    return "<<" in source and _MODIFIER.search(source) is not None


def _compared(source: str) -> list[str]:
    try:
        ours = read(source)
    except Unreadable as error:
        return _refused(source, str(error))
    shown, hidden = _without_checks(ours)
    try:
        theirs = dockerfile.parse_string(shown)
    except dockerfile.GoParseError as error:
        return [f"only BuildKit refuses: {error}"]
    found = broken_pieces(ours)
    if len(ours.instructions) != len(theirs):
        found.append(f"{len(ours.instructions)} instructions, BuildKit sees {len(theirs)}")
    for node, command in zip(ours.instructions, theirs, strict=False):
        found += [
            f"line {command.start_line}, {what}: {mine!r}, BuildKit: {its!r}"
            for what, mine, its in _facts(ours, node, command, hidden)
            if mine != its
        ]
    return found


def _facts(
    file: Dockerfile, node: Instruction, command: dockerfile.Command, hidden: int
) -> list[tuple[str, object, object]]:
    inner = node.trigger or node
    flags = tuple(
        unquoted(f"--{flag.name}" + ("" if flag.value is None else f"={flag.value}")).encode().decode("latin-1")
        for flag in node.flags
    )
    heredocs = tuple(
        (heredoc.name, heredoc.fd, heredoc.content.of(file.source)) for heredoc in node.heredocs if not node.trigger
    )
    return [
        ("name", _lower(node.name), _lower(command.cmd)),
        ("trigger", node.trigger and _lower(node.trigger.name), command.sub_cmd and _lower(command.sub_cmd)),
        ("json", inner.args is not None, command.json),
        ("flags", flags, command.flags),
        ("values", values(inner, file.escape), command.value),
        ("heredocs", heredocs, tuple((h.name, h.file_descriptor % 2**64, h.content) for h in command.heredocs)),
        ("first line", file.lines.line(node.span.start) - hidden, command.start_line),
        ("last line", file.lines.line(node.span.end - 1) - hidden, command.end_line),
    ]


def _lower(keyword: str | None) -> str:
    """A keyword in lower case as Go maps letters."""
    return (keyword or "").replace("\u0130", "i").lower()


def _refused(source: str, reason: str) -> list[str]:
    try:
        dockerfile.parse_string(source)
    except dockerfile.GoParseError:
        return []
    return [f"only we refuse: {reason}"]


def _without_checks(file: Dockerfile) -> tuple[str, int]:
    """The source without its ``check`` directives, and how many there were."""
    checks = [
        node.span
        for node in file.nodes
        if isinstance(node, Trivia)
        and node.kind is Kind.DIRECTIVE
        and _CHECK.match(node.span.of(file.source).lstrip(BOM))
    ]
    shown = file.source
    for span in reversed(checks):
        shown = shown[: span.start] + shown[span.end :]
    if checks and checks[0].start == 0:
        shown = BOM + shown  # the next line is not the first, and keeps a BOM of its own
    return shown, len(checks)
