"""What the author asked to keep: ``# dslim: keep``, ``keep NAME``, ``keep-file``, hadolint's ignore comments, and files
that say that they are generated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

from rewriter.model.file import File
from rewriter.report import Declined, Outcome, Told
from rewriter.rule import Decline, Finding, Transform
from rewriter.syntax.nodes import Kind, Trivia
from rewriter.text import Span

_KEEP_FILE: Final = re.compile(r"#\s*dslim:\s*keep-file\b", re.IGNORECASE)
_KEEP: Final = re.compile(r"#\s*dslim:\s*keep\s+([a-z0-9-]+(?:\s*,\s*[a-z0-9-]+)*)", re.IGNORECASE)
_KEEP_ALL: Final = re.compile(r"#\s*dslim:\s*keep\s*(?:$|[:(.])", re.IGNORECASE)
_GENERATED: Final = re.compile(r"\b(?:auto-?)?generated\b")
_EDIT: Final = re.compile(r"\bedit\b")
_HADOLINT: Final = re.compile(
    r"#\s*hadolint\s+(global\s+)?ignore\s*=\s*([A-Z]{2}\d+(?:\s*,\s*[A-Z]{2}\d+)*)", re.IGNORECASE
)
_EVERY: Final = frozenset(("every transform",))


def says_generated(source: str) -> int:
    """The line, from 1, of a comment above the first instruction that says that the file is generated; 0 where none says so,
    or none says as well that it is not to be edited."""
    if "enerated" not in source and "ENERATED" not in source:  # as nearly always
        return 0
    found, edited = 0, False
    for number, line in enumerate(source.splitlines(), 1):
        text = line.strip().lower()
        if text and not text.startswith("#"):
            break
        found = found or (number if _GENERATED.search(text) else 0)
        edited = edited or bool(_EDIT.search(text))
    return found if edited else 0


class Keep(NamedTuple):
    """One comment: the names or rule codes that it keeps (``_EVERY`` where it has none), and the span of the instruction
    that it stands above."""

    comment: Span
    names: frozenset[str]
    covers: Span
    ours: bool


class Keeps:
    """All keep comments of one file."""

    def __init__(self, file: File) -> None:
        self._file = file
        self.whole_file = False
        self._keeps: list[Keep] = []
        if "dslim" in file.source or "hadolint" in file.source:
            self._scan()

    def _scan(self) -> None:
        source = self._file.source
        waiting: list[tuple[Span, frozenset[str], bool]] = []
        for node in self._file.dockerfile.nodes:
            if isinstance(node, Trivia):
                if node.kind is Kind.COMMENT:
                    waiting.extend(self._names(node.span))
                continue
            for comment in node.comments:  # a keep that was joined into a RUN still speaks for it
                waiting.extend(self._names(comment))
            self._keeps.extend(Keep(at, names, node.span, ours) for at, names, ours in waiting)
            waiting = []
        self._keeps.extend(Keep(at, names, Span(len(source), len(source)), ours) for at, names, ours in waiting)

    def _names(self, comment: Span) -> Iterator[tuple[Span, frozenset[str], bool]]:
        text = comment.of(self._file.source)
        if _KEEP_FILE.search(text):
            self.whole_file = True
        match = _KEEP.search(text)
        if match is not None:
            yield comment, frozenset(name.strip().lower() for name in match[1].split(",")), True
        elif _KEEP_ALL.search(text.rstrip()):
            yield comment, _EVERY, True
        match = _HADOLINT.search(text)
        if match is not None:
            codes = frozenset(code.strip().upper() for code in match[2].split(","))
            if match[1]:
                self._keeps.append(Keep(comment, codes, Span(0, len(self._file.source) + 1), False))
            else:
                yield comment, codes, False

    def keeps(self, transform: Transform, item: Finding | Decline) -> str:
        """The comment that forbids this finding, or answers this decline, or ""."""
        touched = [item.at, *(edit.span for edit in item.change.edits)] if isinstance(item, Finding) else [item.at]
        for keep in self._keeps:
            if not any(keep.covers.start <= span.start < keep.covers.end for span in touched):
                continue
            if keep.names is _EVERY or transform.name in keep.names or not keep.names.isdisjoint(transform.hadolint):
                return keep.comment.of(self._file.source).strip()
        return ""

    def unused(self, told: Iterable[Told | Declined], silenced: AbstractSet[str]) -> Iterator[str]:
        """A note for each ``# dslim: keep`` of ours that kept nothing; ``silenced`` are those that answered a decline."""
        used = silenced | {one.note for one in told if isinstance(one, Told) and one.outcome is Outcome.KEPT}
        for keep in self._keeps:
            text = keep.comment.of(self._file.source).strip()
            if keep.ours and text not in used:
                yield f"line {self._file.line(keep.comment.start)}: this keeps nothing: {text}"
