"""The report for people: what changes, why, what it saves, and what was left alone and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dslim.terminal import Printer, one_line
from rewriter.report import Outcome

if TYPE_CHECKING:
    from rewriter.report import Report, Told

_WORDS = {
    Outcome.APPLIED: ("change", "green"),
    Outcome.HELD_BACK: ("held back", "yellow"),
    Outcome.REVERTED: ("reverted", "red"),
    Outcome.KEPT: ("kept", "cyan"),
}
_DIFF = {ord("+"): ("green",), ord("-"): ("red",), ord("@"): ("cyan",)}
_INDENT = " " * 23


def show(printer: Printer, path: str, report: Report, diff: bytes, written: bool) -> None:
    """Print the report of one file; nothing when there is nothing to say. ``diff`` may be empty to leave it out."""
    if not (report.changed or report.findings or report.declined or report.notes or report.reason):
        return
    printer.line(printer.paint(one_line(path), "bold") + ": " + _status(report, written))
    if diff:
        printer.text("".join(painted + "\n" for painted in _painted(printer, diff)))
    for told in report.findings:
        for line in _told(printer, told):
            printer.line(line)
    names: dict[tuple[int, str], list[str]] = {}  # what several transforms say of a line is said once
    for left in report.declined:
        names.setdefault((left.line, left.why), []).append(left.transform)
    for (at, why), transforms in names.items():
        printer.line(_row(printer, "left alone", "dim", at, f"{why}  ({', '.join(transforms)})"))
    for note in report.notes:
        printer.line(_row(printer, "note", "dim", 0, note))
    printer.line("")


def size(count: int) -> str:
    """Bytes for people, in powers of 1000 as registries count."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if abs(count) >= factor:
            return f"{count / factor:.1f} {unit}"
    return f"{count} B"


def trouble(path: str, line: int, cause: str) -> str:
    """The one line that a file costs which could not be handled."""
    where = f"{path}:{line}" if line else path
    return one_line(f"{where}: {cause}")


class Tally:
    """How many files met which fate."""

    def __init__(self) -> None:
        self.changed = 0
        self.alone = 0
        self.unread = 0
        self.unwritten = 0

    def summary(self, written: bool) -> str:
        """One sentence that counts them all."""
        if not (self.changed or self.alone or self.unread or self.unwritten):
            return "no Dockerfiles found"
        parts = [f"{_files(self.changed)} {'rewritten' if written else 'would be rewritten'}"]
        parts += [f"{count:,} {fate}" for count, fate in self._others() if count]
        return ", ".join(parts)

    def _others(self) -> Iterator[tuple[int, str]]:
        yield self.alone, "left alone"
        yield self.unread, "could not be read"
        yield self.unwritten, "could not be written"


def _files(count: int) -> str:
    return f"{count:,} file" if count == 1 else f"{count:,} files"


def _status(report: Report, written: bool) -> str:
    if not report.changed:
        return f"left alone: {one_line(report.reason)}" if report.reason else "left alone"
    applied = [told for told in report.findings if told.outcome is Outcome.APPLIED]
    saved = sum(told.saves.bytes for told in applied if told.saves)
    said = f"{'rewritten' if written else 'would be rewritten'}, {len(applied)} change{'s' * (len(applied) != 1)}"
    return f"{said}, saves {size(saved)}" if saved else said


def _told(printer: Printer, told: Told) -> Iterator[str]:
    word, colour = _WORDS[told.outcome]
    yield _row(printer, word, colour, told.line, f"{told.title}  ({told.transform}, {told.safety.name.lower()})")
    for reason in told.because:
        yield _INDENT + printer.paint("because ", "dim") + one_line(reason)
    if told.saves:
        yield _INDENT + printer.paint("saves ", "dim") + one_line(f"{size(told.saves.bytes)} ({told.saves.source})")
    if told.note:
        yield _INDENT + one_line(told.note)


def _row(printer: Printer, word: str, colour: str, line: int, text: str) -> str:
    place = f"line {line}" if line else ""
    return f"  {printer.paint(f'{word:<10}', colour)} {place:<9} {one_line(text)}"


def _painted(printer: Printer, diff: bytes) -> Iterator[str]:
    """The hunks of a diff, inert; the two lines that name the file are left to the report's first line."""
    for line in diff.split(b"\n")[2:-1]:
        text = one_line(line.removesuffix(b"\r").decode("utf-8", "replace"))
        yield "  " + printer.paint(text, *_DIFF.get(line[0] if line else 0, ()))
