"""The engine: applies what transforms find, re-reads, checks, reverts, and repeats until nothing is left to say.

Transforms run one at a time, each on a freshly read file, so none needs to know another. The whole pipeline is repeated
until a round changes nothing; what that last, quiet round said is what the report says about things left alone.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from rewriter import checks, witness
from rewriter.history import History
from rewriter.keep import Keeps, says_generated
from rewriter.model.file import File
from rewriter.model.run import Memory
from rewriter.report import Declined, Outcome, Report, Status, Told
from rewriter.rule import Ask, Decline, Finding, Safety, Transform
from rewriter.syntax.dockerfile import Unreadable, read
from rewriter.syntax.shell import read_shell
from rewriter.text import Edit, Together, apply

ROUNDS: Final = 5
# Braces in front of any quote of their line: ``docker inspect -f '{{.Id}}'`` is no template.
_TEMPLATE: Final = re.compile(
    r"""^(?:[^'"#\n]*(?:\{\{|\{%|<%)|(?:define|include|ifdef|ifelse|changequote)\(|dnl\b)""", re.MULTILINE
)

_TEMPLATE_MARKS: Final = (
    "{{",
    "{%",
    "<%",
    "define(",
    "include(",
    "ifdef(",
    "ifelse(",
    "changequote(",
    "dnl",
)  # what it needs


def run(
    pipeline: Sequence[Transform], source: str, ask: Ask | None = None, kept: Callable[[Told], str] | None = None
) -> Report:
    """Rewrite one Dockerfile. Never raises for any ``source``; what went wrong is in the report.

    ``kept`` is asked about each finding that would be applied; whatever it says but "" keeps the text, and is the note.
    """
    collecting = gc.isenabled()
    gc.disable()  # the only circles are broken below, and looking for others takes a sixth of the time
    memory = Memory()
    try:
        return _Run(pipeline, source, ask or Ask(), memory, kept).report()
    except Unreadable as error:
        return Report(Status.UNREADABLE, source, source, reason=str(error), line=error.line)
    finally:
        memory.release()
        read_shell.cache_clear()  # of no use to the next file, and the collector would look at it again and again
        if collecting:
            gc.enable()


class _Run:
    """One run of the pipeline over one file."""

    def __init__(
        self,
        pipeline: Sequence[Transform],
        source: str,
        ask: Ask,
        memory: Memory,
        kept: Callable[[Told], str] | None,
    ) -> None:
        self.memory = memory
        self.kept = kept
        self.pipeline = pipeline
        self.source = source
        self.ask = ask
        self.findings: list[Told] = []
        self.refused: dict[tuple[str, tuple[Edit, ...]], Told] = {}
        self.crashed: dict[str, str] = {}
        self.silenced: set[str] = set()

    def report(self) -> Report:
        dockerfile = read(self.source)
        history = History(dockerfile.lines)
        seen = _Seen(File(dockerfile, self.memory, history.line))
        file = seen.file
        reason = _not_ours(file)
        if reason:
            return Report(Status.UNCHANGED, self.source, self.source, reason=reason, notes=(reason,))
        keeps = seen.keeps
        if keeps.whole_file:
            reason = "keep-file: the author keeps it as it is"
            return Report(Status.UNCHANGED, self.source, self.source, reason=reason, notes=(reason,))
        told: list[Told | Declined] = []
        applies = self.ask.settings.level <= Safety.SHOW
        working = [one for one in self.pipeline if applies or not one.only_shows]
        waiting = [one for one in self.pipeline if one.only_shows and not applies]
        for _ in range(ROUNDS):
            before = seen
            told = []
            for transform in working:
                if transform.concerns(seen.file):
                    seen = self._apply(transform, seen, history, told)
            if seen is before:
                break
        for transform in waiting:  # none of their findings is applied: one look at what the others leave is enough
            if transform.concerns(seen.file):
                self._apply(transform, seen, history, told)
        unsettled = () if seen is before else tuple(self._still_proposing(seen, history))
        file = seen.file
        notes = list(keeps.unused(told, self.silenced))
        if file.source != self.source:
            disagreement = witness.disagreement(file.dockerfile)
            if disagreement.found:
                return self._taken_back(disagreement.why)
            if disagreement.why:
                notes.append(disagreement.why)
        told += _unread(file, history)
        held = [one for one in told if isinstance(one, Told)]
        return Report(
            Status.CHANGED if file.source != self.source else Status.UNCHANGED,
            self.source,
            file.source,
            findings=tuple(sorted([*self.findings, *held, *self.refused.values()], key=lambda one: one.line)),
            declined=tuple(_distinct(one for one in told if isinstance(one, Declined))),
            notes=tuple(notes),
            crashed=tuple(f"{name}: {error}" for name, error in self.crashed.items()),
            unsettled=unsettled,
        )

    def _taken_back(self, why: str) -> Report:
        """Nothing is written that two independent readers do not read alike."""
        findings = tuple(one._replace(outcome=Outcome.REVERTED, note=why) for one in self.findings)
        return Report(Status.UNCHANGED, self.source, self.source, findings=findings, notes=(why,))

    def _apply(self, transform: Transform, seen: _Seen, history: History, told: list[Told | Declined]) -> _Seen:
        """The file after one transform. What is not applied goes to ``told``."""
        found = self._find(transform, seen)
        if not found:
            return seen
        keeps = seen.keeps
        chosen: list[Finding] = []
        together = Together()
        for item in found:
            line = history.line(item.at.start)
            kept = keeps.keeps(transform, item)
            if isinstance(item, Decline):
                if kept:  # its author knows, and does not want to hear of it
                    self.silenced.add(kept)
                else:
                    told.append(Declined(transform.name, line, item.why))
                continue
            if kept:
                told.append(_tell(transform, item, history, Outcome.KEPT, kept))
            elif item.safety < self.ask.settings.level:
                told.append(_tell(transform, item, history, Outcome.HELD_BACK))
            elif (transform.name, item.change.edits) in self.refused:
                continue
            elif self.kept and (note := self.kept(_tell(transform, item, history, Outcome.KEPT))):
                told.append(_tell(transform, item, history, Outcome.KEPT, note))
            elif together.take(item.change.edits):
                chosen.append(item)
        if not chosen:
            return seen
        after, why = _attempt(transform, seen, chosen)
        if after is not None:
            self._record(transform, chosen, history)
            return after
        if len(chosen) == 1:
            self._refuse(transform, chosen[0], history, why)
            return seen
        for finding in chosen:  # one bad finding must not take the others with it: the first good one is applied now
            after, why = _attempt(transform, seen, [finding])
            if after is not None:
                self._record(transform, [finding], history)
                return after
            self._refuse(transform, finding, history, why)
        return seen

    def _record(self, transform: Transform, chosen: list[Finding], history: History) -> None:
        self.findings.extend(_tell(transform, finding, history, Outcome.APPLIED) for finding in chosen)
        history.apply([edit for finding in chosen for edit in finding.change.edits])

    def _refuse(self, transform: Transform, finding: Finding, history: History, why: str) -> None:
        key = (transform.name, finding.change.edits)
        self.refused[key] = _tell(transform, finding, history, Outcome.REVERTED, why)

    def _find(self, transform: Transform, seen: _Seen) -> list[Finding | Decline]:
        found = seen.found.get(transform.name)
        if found is None:
            try:
                found = list(transform.find(seen.file, self.ask))
                if transform.only_shows and any(isinstance(one, Finding) and one.safety > Safety.SHOW for one in found):
                    raise ValueError("a transform that only shows proposes at a higher level")
            except Exception as error:  # a mistake in one transform must not stop the others; the report names it
                self.crashed[transform.name] = f"{type(error).__name__}: {error}"
                found = []
            seen.found[transform.name] = found
        return found

    def _still_proposing(self, seen: _Seen, history: History) -> Iterable[str]:
        for transform in self.pipeline:
            told: list[Told | Declined] = []
            if transform.concerns(seen.file) and self._apply(transform, seen, history, told) is not seen:
                yield transform.name


class _Seen:
    """One state of the file, with what was worked out about it: the same transform asked twice says the same."""

    __slots__ = ("_keeps", "file", "found")

    def __init__(self, file: File) -> None:
        self.file = file
        self.found: dict[str, list[Finding | Decline]] = {}
        self._keeps: Keeps | None = None

    @property
    def keeps(self) -> Keeps:
        if self._keeps is None:
            self._keeps = Keeps(self.file)
        return self._keeps


def _not_ours(file: File) -> str:
    """Why a file that can be read is left alone as a whole, or ""."""
    if not file.stages:
        return "it has no FROM: nothing is built from it alone"
    marked = any(mark in file.source for mark in _TEMPLATE_MARKS)
    template = _TEMPLATE.search(file.source) if marked else None
    if template is not None:
        return f"line {file.line(template.start())}: it is a template, not a Dockerfile yet"
    generated = says_generated(file.source)
    if generated:
        return f"line {generated} says that it is generated: change what generates it"
    unknown = checks.unknown_instruction(file.dockerfile)
    if unknown is not None:
        name = unknown.name[:40]
        return f"line {file.line(unknown.keyword.start)}: {name} is no instruction, so BuildKit refuses this file"
    return ""


def _unread(file: File, history: History) -> Iterable[Declined]:
    """The RUNs that no transform looked at, because their script cannot be read."""
    for run in file.runs:
        if not run.readable:
            why = f"no transform looks at it: {run.reading.refusal}"
            yield Declined("unreadable-run", history.line(run.span.start), why)


def _attempt(transform: Transform, seen: _Seen, chosen: list[Finding]) -> tuple[_Seen | None, str]:
    """The file with ``chosen`` applied, or None and the reason why that must not be."""
    edits = [edit for finding in chosen for edit in finding.change.edits]
    try:
        first = min(edit.span.start for edit in edits)
        dockerfile = read(apply(seen.file.source, edits), seen.file.dockerfile, first)
        after = _Seen(File(dockerfile, seen.file.memory, seen.file.line))
    except ValueError as error:
        return None, f"the result cannot be read: {error}"
    changes = [finding.change for finding in chosen]
    why = checks.difference(seen.file, after.file, transform.touches, changes)
    return (None, why) if why else (after, "")


def _tell(transform: Transform, finding: Finding, history: History, outcome: Outcome, note: str = "") -> Told:
    edits = tuple(sorted(history.original(edit) for edit in finding.change.edits))
    line = history.line(finding.at.start)
    end_line = max(line, history.line(max(finding.at.end - 1, finding.at.start)))
    title, safety, because = finding.title, finding.safety, finding.because
    return Told(transform.name, line, end_line, title, safety, outcome, because, finding.saves, edits, note)


def _distinct(declined: Iterable[Declined]) -> Iterable[Declined]:
    return sorted(dict.fromkeys(declined), key=lambda one: one.line)
