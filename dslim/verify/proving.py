"""`dslim rewrite --verify`: a rewrite is built before it is written, and loses the transforms that do not hold.

Where all transforms together fail, the culprits are found by bisection: of the transforms in the order in which they run,
the shortest front that fails ends with one. It is dropped, and the rest is tried again, until what is left is proven.
Each text is built once; the original is built once for all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from dslim.verify.verdict import EQUIVALENT, NOT_BUILT, SAME_PROGRAM, Verified
from rewriter.report import Outcome, Report, Status, Told


class Dropped(NamedTuple):
    """A transform that was taken out of the rewrite, and what came of it."""

    transform: str
    why: str


class Proven(NamedTuple):
    """What is left of a rewrite. ``trouble`` says why nothing could be proven at all, "" when something was, or when there
    was nothing to prove."""

    report: Report
    dropped: tuple[Dropped, ...] = ()
    verified: Verified | None = None
    trouble: str = ""


#: the report when these transforms do not run
Rewrite = Callable[["Sequence[str]"], Report]
Check = Callable[[Report], Verified]


def prove(first: Report, rewrite: Rewrite, check: Check) -> Proven:
    """The largest part of ``first`` that bisection finds to hold.

    ``rewrite`` is given the names of the transforms that must not run; ``check`` builds a changed report's text and holds it
    against the original.
    """
    try:
        return _Proof(first, rewrite, check).proven()
    except _Untold as untold:
        return unproven(first, str(untold))


def unproven(report: Report, trouble: str) -> Proven:
    """The outcome where nothing can be built: the file stays as it is."""
    return Proven(_nothing(report, f"not verified: {trouble}"), trouble=trouble)


class _Untold(Exception):
    """A build told nothing: the disk is full, or the engine is gone. No transform is to blame."""


class _Proof:
    """The transforms of one rewrite, and what is known about parts of it."""

    def __init__(self, first: Report, rewrite: Rewrite, check: Check) -> None:
        self.first = first
        self.rewrite = rewrite
        self.check = check
        self.names = _applied(first)
        self.known: dict[str, Verified] = {}
        self.dropped: list[Dropped] = []

    def proven(self) -> Proven:
        report = self.first
        verified: Verified | None = None
        while report.changed:
            verified = self._verified(report)
            if _holds(verified):
                return Proven(self._told(report), tuple(self.dropped), verified)
            culprit, why = self._culprit(_applied(report), verified)
            self.dropped.append(Dropped(culprit, why))
            report = self.rewrite(self._out())
        return Proven(self._told(report), tuple(self.dropped), verified)

    def _culprit(self, names: Sequence[str], failed: Verified) -> tuple[str, str]:
        """The transform whose part makes the shortest failing front of ``names`` fail, and how it fails."""
        holds, fails, why = 0, len(names), failed
        while fails - holds > 1:
            middle = (holds + fails) // 2
            report = self.rewrite([*self._out(), *names[middle:]])
            verified = self._verified(report) if report.changed else None
            if verified is None or _holds(verified):
                holds = middle
            else:
                fails, why = middle, verified
        return names[fails - 1], _why(why)

    def _out(self) -> list[str]:
        return [one.transform for one in self.dropped]

    def _verified(self, report: Report) -> Verified:
        if report.text not in self.known:
            verified = self.check(report)
            if verified.verdict == NOT_BUILT:
                raise _Untold(_why(verified))
            self.known[report.text] = verified
        return self.known[report.text]

    def _told(self, report: Report) -> Report:
        """The report with the findings of dropped transforms as reverted, each with the reason."""
        why = {one.transform: one.why for one in self.dropped}
        lost = [
            told._replace(
                outcome=Outcome.REVERTED, note=f"dropped, it does not hold when it is built: {why[told.transform]}"
            )
            for told in self.first.findings
            if told.transform in why and told.outcome is Outcome.APPLIED
        ]
        findings = [
            told for told in report.findings if told.transform not in why or told.outcome is not Outcome.APPLIED
        ]
        return report._replace(findings=tuple(sorted([*findings, *lost], key=_line)))


def _holds(verified: Verified) -> bool:
    return verified.verdict in (EQUIVALENT, SAME_PROGRAM) and verified.grown <= verified.spread


def _why(verified: Verified) -> str:
    if verified.verdict in (EQUIVALENT, SAME_PROGRAM):
        return f"the image grows by {verified.grown:,} bytes"
    return "; ".join(verified.because)


def _applied(report: Report) -> list[str]:
    """The transforms whose findings were applied, each once, in the order of the pipeline."""
    from transforms import pipeline

    named = {told.transform for told in report.findings if told.outcome is Outcome.APPLIED}
    return [transform.name for transform in pipeline() if transform.name in named]


def _nothing(report: Report, reason: str) -> Report:
    """The report of a file that is left as it is, for this reason."""
    held = tuple(
        told._replace(outcome=Outcome.HELD_BACK) if told.outcome is Outcome.APPLIED else told
        for told in report.findings
    )
    return report._replace(status=Status.UNCHANGED, text=report.before, findings=held, reason=reason)


def _line(told: Told) -> int:
    return told.line
