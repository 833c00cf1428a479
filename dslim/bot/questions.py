"""What a pull request asks people, piece by piece, so that no question is asked twice.

A question is a rule and an instruction of a file, as the instruction stood before. A finding asks one for each instruction
that it is about or would change. Who closes (or merges) a pull request answers all its questions, and an answer holds as long
as the instruction stays as it was: whatever else a newer dslim finds in that file, and whatever it would make of it. A finding
is new only when all of its questions are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from difflib import SequenceMatcher

from dslim.bot.keys import question_key
from rewriter.report import Told
from rewriter.syntax.dockerfile import Unreadable, read
from rewriter.syntax.nodes import Instruction
from rewriter.text import LineIndex, Span

ANSWERED = "a person said no to it, or to something that it is a part of"


class Instructions:
    """The instructions of one text, each without its comments, as the shell sees it, with its heredocs."""

    def __init__(self, text: str) -> None:
        self._lines = LineIndex(text)
        try:
            found = read(text).instructions
        except Unreadable:
            self._all = [(text, Span(0, len(text)))]
            return
        self._all = [(_plain(each, text), each.span) for each in found]

    @property
    def texts(self) -> list[str]:
        return [text for text, _ in self._all]

    def touched(self, span: Span) -> list[str]:
        """Those that a change of ``span`` changes; what is inserted between two belongs to the one behind it."""
        found = [text for text, whole in self._all if _meet(whole, span)]
        return found or [text for text, whole in self._all if whole.start <= span.start][-1:] or self.texts[:1]

    def between(self, line: int, end_line: int) -> list[str]:
        """Those of which a line is among these."""
        lines = ((text, self._lines.line(whole.start), self._lines.line(whole.end - 1)) for text, whole in self._all)
        return [text for text, first, last in lines if first <= end_line and line <= last]


def _plain(each: Instruction, text: str) -> str:
    words = [each.name, *(flag.span.of(text) for flag in each.flags), each.body.text]
    return " ".join(words) + "".join(doc.content.of(text) for doc in each.heredocs)


def _meet(whole: Span, span: Span) -> bool:
    return whole.start <= span.start < whole.end if span.start == span.end else whole.overlaps(span)


def difference(before: Instructions, after: Instructions) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The instructions that only one of the two has."""
    gone: list[str] = []
    came: list[str] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before.texts, after.texts, autojunk=False).get_opcodes():
        if tag != "equal":
            gone += before.texts[i1:i2]
            came += after.texts[j1:j2]
    return tuple(gone), tuple(came)


def asked(path: str, before: Instructions, told: Told) -> frozenset[str]:
    """The keys of the questions of one finding.

    Where it adds to what an earlier finding joined, only its lines tell which of the instructions it is about.
    """
    texts = {text for edit in told.edits for text in before.touched(edit.span)}
    texts.update(before.between(told.line, told.end_line))
    return frozenset(question_key(path, told.transform, text) for text in texts)


def unanswered(findings: Iterable[frozenset[str]], answers: Collection[str]) -> frozenset[str]:
    """The questions of those findings of which none was answered."""
    return frozenset[str]().union(*(asks for asks in findings if asks.isdisjoint(answers)))


def only(path: str, text: str, questions: Collection[str]) -> Callable[[Told], str]:
    """Keeps a text as it is where a finding asks anything else; for ``dslim.rewrite(kept=...)``."""
    before = Instructions(text)
    return lambda told: "" if asked(path, before, told) <= frozenset(questions) else ANSWERED
