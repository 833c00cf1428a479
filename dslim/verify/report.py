"""The outcome for people: a verdict with its reasons, then the evidence, as much as a person reads."""

from __future__ import annotations

from collections.abc import Iterator

from dslim.report import size
from dslim.terminal import Printer, one_line
from dslim.verify.sizes import Side, Weighed
from dslim.verify.verdict import DIFFERENT, NOT_BUILT, SAME_PROGRAM, Verified

_SHOWN = 20  #: differences that a person is shown
_SHOWN_OF_SAME = 5  #: where they are not held against it
_COLOURS = {DIFFERENT: "red", NOT_BUILT: "yellow"}


def show(printer: Printer, verified: Verified, name: str) -> None:
    """Print it."""
    verdict = printer.paint(verified.verdict, "bold", _COLOURS.get(verified.verdict, "green"))
    printer.line(f"{one_line(name)}: {verdict}")
    for reason in verified.because:
        printer.line("  because " + one_line(reason))
    for line in _evidence(verified):
        printer.line("  " + one_line(line))


def _evidence(verified: Verified) -> Iterator[str]:
    if verified.before.built and verified.after.built:
        yield from sizes(verified.before, verified.after)
        yield f"built in {verified.before.seconds:.0f} s before, {verified.after.seconds:.0f} s after"
    for check in verified.program:
        yield f"{'ok' if check.ok else 'LOST'} {check.check}: {check.detail}"
    for key, (old, new) in verified.config.items():
        yield f"configuration {key}: {old!r} -> {new!r}"
    shown = _SHOWN_OF_SAME if verified.verdict == SAME_PROGRAM else _SHOWN
    for one in verified.differences[:shown]:
        yield f"{one.kind} /{one.path}: {one.what}"
    if len(verified.differences) > shown:
        yield f"... and {len(verified.differences) - shown} more paths; --format json has all"
    for name, count in sorted(verified.explained.items()):
        yield f"explained: {count} x {name}"
    yield from verified.notes


def sizes(before: Side, after: Side) -> Iterator[str]:
    """Layers, bytes and compressed bytes of both, with a signed difference; then what changed by instruction."""
    yield f"layers {before.layers} -> {after.layers} ({after.layers - before.layers:+d})"
    yield f"bytes {before.bytes:,} -> {after.bytes:,} ({signed(after.bytes - before.bytes)})"
    if before.compressed_bytes is not None and after.compressed_bytes is not None:
        grown = after.compressed_bytes - before.compressed_bytes
        yield f"compressed {before.compressed_bytes:,} -> {after.compressed_bytes:,} ({signed(grown)})"
    for mark, one in changed(before, after):
        yield f"  {mark} {size(one.bytes):>9}  {' '.join(one.instruction.split())[:100] or '(no history)'}"


def changed(before: Side, after: Side) -> Iterator[tuple[str, Weighed]]:
    """The layers that are not in both, with "-" for those of the image before and "+" for those after."""
    old, new = list(before.instructions), list(after.instructions)
    while old and new and old[0] == new[0]:
        old.pop(0)
        new.pop(0)
    yield from (("-", one) for one in old)
    yield from (("+", one) for one in new)


def signed(count: int) -> str:
    """Bytes with a sign, as people read them; exact where they are few."""
    return f"{'+' if count > 0 else ''}{size(count)}" if count else "0 B"
