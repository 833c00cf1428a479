"""Two images side by side: which layers and which directories grew and shrank."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

from dslim.images.image import Image
from dslim.layers.history import said
from dslim.layers.stack import Stack
from dslim.layers.text import Record
from dslim.report import size
from dslim.terminal import Printer, one_line

VERSION = 1
_MOST = 30  #: directories that a person is shown
_WORDS = 90


def compared(before: Image, after: Image) -> Record:
    """What differs between two images, as JSON by `schema/layers-compare-1.json`.

    Layers are matched in their order: by digest where they are equal, by instruction where they are not. A directory's
    bytes are those of the files in it and below it in the final file system, hard links once.
    """
    return {
        "version": VERSION,
        "before": _sums(before),
        "after": _sums(after),
        "layers": list(_layers(before, after)),
        "directories": list(_directories(_visible(before), _visible(after))),
    }


def _sums(image: Image) -> Record:
    packed = [layer.compressed_bytes for layer in image.layers]
    known = [one for one in packed if one is not None]
    return {
        "image": image.name,
        "total_bytes": image.bytes,
        "compressed_bytes": sum(known) if len(known) == len(packed) else None,
        "layers": len(packed),
    }


def _layers(before: Image, after: Image) -> Iterator[Record]:
    """The layers of both in order; a pair where one took the place of the other."""
    sides = [_named(before), _named(after)]
    bytes_of = [[layer.bytes for layer in image.layers] for image in (before, after)]
    keys = [
        [(layer.digest, name) for layer, name in zip(image.layers, side, strict=True)]
        for image, side in zip((before, after), sides, strict=True)
    ]
    old_keys, new_keys = _alike(*keys)
    for tag, a, b, c, d in SequenceMatcher(None, old_keys, new_keys, autojunk=False).get_opcodes():
        if tag == "equal":
            for old, new in zip(range(a, b), range(c, d), strict=True):
                yield _pair(sides[1][new], bytes_of[0][old], bytes_of[1][new])
            continue
        for old in range(a, b):
            yield _pair(sides[0][old], bytes_of[0][old], None)
        for new in range(c, d):
            yield _pair(sides[1][new], None, bytes_of[1][new])


def _alike(before: Sequence[tuple[str, str]], after: Sequence[tuple[str, str]]) -> list[list[str]]:
    """A key for each layer, equal for two that belong together: their digest, or what made them."""
    shared = {digest for digest, _ in before} & {digest for digest, _ in after}
    return [[digest if digest in shared else f"by {name}" for digest, name in side] for side in (before, after)]


def _named(image: Image) -> list[str]:
    spoken = said(image.history)
    by_layer = {step.layer: spoken[at].text for at, step in enumerate(image.history)}
    return [by_layer.get(at, "") for at in range(len(image.layers))]


def _pair(instruction: str, before: int | None, after: int | None) -> Record:
    return {"instruction": instruction, "before": before, "after": after}


def _visible(image: Image) -> Counter[str]:
    sums: Counter[str] = Counter()
    for one in Stack(image).seen():
        folder = posixpath.dirname(one.path)
        while True:
            sums[folder] += one.bytes
            if not folder:
                break
            folder = posixpath.dirname(folder)
    return sums


def _directories(before: Counter[str], after: Counter[str]) -> Iterator[Record]:
    """The directories whose bytes differ, the largest difference first."""
    changed = [path for path in before.keys() | after.keys() if before[path] != after[path]]
    for path in sorted(changed, key=lambda path: (-abs(after[path] - before[path]), path)):
        yield {"path": path, "before": before[path], "after": after[path]}


def show(printer: Printer, record: Record) -> None:
    """Print the comparison for people."""
    for line in _lines(printer, record):
        printer.line(line)


def _lines(printer: Printer, record: Record) -> Iterator[str]:
    before, after = record["before"], record["after"]
    yield (
        printer.paint(f"{one_line(before['image'])} -> {one_line(after['image'])}", "bold")
        + ": "
        + _change(printer, before["total_bytes"], after["total_bytes"])
    )
    yield ""
    yield printer.paint("by layer", "bold")
    for row in record["layers"]:
        words = " ".join(row["instruction"].split())
        words = one_line(words[:_WORDS] + "…" if len(words) > _WORDS else words) or "(the history does not say)"
        yield f"  {_change(printer, row['before'], row['after'])}  {words}"
    rows = list(_telling(record["directories"]))
    if rows:
        yield ""
        yield printer.paint("by directory", "bold")
    for row in rows[:_MOST]:
        yield f"  {_change(printer, row['before'], row['after'])}  /{one_line(row['path'])}"
    if len(rows) > _MOST:
        yield f"  and {len(rows) - _MOST:,} other directories"


def _telling(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The directories without those that say no more than one below them: all of their difference is there."""
    same = {(posixpath.dirname(row["path"]), row["after"] - row["before"]) for row in rows if row["path"]}
    return (row for row in rows if (row["path"], row["after"] - row["before"]) not in same)


def _change(printer: Printer, before: int | None, after: int | None) -> str:
    if before is None or after is None:
        word = "new" if before is None else "gone"
        return f"{size(before or after or 0):>10} {printer.paint(f'{word:>11}', 'cyan')}"
    grown = after - before
    text = f"{'+' if grown > 0 else ''}{size(grown)}" if grown else "="
    return f"{size(after):>10} {printer.paint(f'{text:>11}', 'red' if grown > 0 else 'green' if grown else 'dim')}"
