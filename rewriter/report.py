"""What a run of the pipeline says about one file. Values only; the front prints them."""

from __future__ import annotations

import enum
from typing import NamedTuple

from rewriter.rule import Safety, Saving
from rewriter.text import Edit


class Status(enum.Enum):
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    UNREADABLE = "unreadable"


class Outcome(enum.Enum):
    """What became of a finding."""

    APPLIED = "applied"
    HELD_BACK = "held-back"  # below the level that the user asked for
    REVERTED = "reverted"  # applied, then refused by a check
    KEPT = "kept"  # somebody said so: a keep comment, hadolint's ignore, or whoever asked for the run


class Told(NamedTuple):
    """A finding and what became of it. Lines count from 1, in the file as it was given.

    ``edits`` are in characters of the decoded file as it was given. Where a finding changes text that an earlier finding
    of the same run wrote, its span is the original text that the earlier one replaced.
    ``note`` says why it was reverted or who keeps it, else "".
    """

    transform: str
    line: int
    end_line: int
    title: str
    safety: Safety
    outcome: Outcome
    because: tuple[str, ...]
    saves: Saving | None
    edits: tuple[Edit, ...]
    note: str = ""


class Declined(NamedTuple):
    """A smell that was left alone. A RUN that cannot be read is one too, under the name ``unreadable-run``."""

    transform: str
    line: int
    why: str


class Report(NamedTuple):
    """The result for one file.

    ``text`` is the rewritten text (equal to ``before`` unless ``status`` is CHANGED). ``reason`` says why a file is
    UNREADABLE (at ``line``), or why an UNCHANGED one was left alone as a whole (a template, a keep-file comment). ``notes``
    are things worth telling that are neither finding nor decline (a keep comment that keeps nothing, the second witness
    being silent). ``crashed`` names transforms that failed, with the error; ``unsettled`` names transforms that still propose
    something after the last round. Both are mistakes of dslim.
    """

    status: Status
    before: str
    text: str
    reason: str = ""
    line: int = 0
    findings: tuple[Told, ...] = ()
    declined: tuple[Declined, ...] = ()
    notes: tuple[str, ...] = ()
    crashed: tuple[str, ...] = ()
    unsettled: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        return self.status is Status.CHANGED
