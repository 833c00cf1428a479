"""Unified diffs that `git apply` and `patch -p1` accept, exact to the byte.

Lines end at ``\\n`` only: a carriage return, a form feed or a BOM is content. The time is bounded: difflib, which is
quadratic, sees only short stretches between lines that both texts have exactly once, and seldom any.
"""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Iterator

CONTEXT = 3  # unchanged lines around a change
_SHORT = 400  # lines of both texts together that difflib may compare
_DEEPEST = 12  # times that a stretch is cut further before it counts as replaced

Block = tuple[int, int, int, int]  # old lines [i1, i2) became new lines [j1, j2)


def unified(before: bytes, after: bytes, path: str) -> bytes:
    """The diff of one file, named ``a/path`` and ``b/path``; empty when the two are equal.

    ``path`` is relative to the working directory, as :func:`diff_path` makes it.
    """
    if before == after:
        return b""
    old, new = lines(before), lines(after)
    out = [b"--- " + _name("a/" + path), b"+++ " + _name("b/" + path)]
    for hunk in _hunks(changes(old, new)):
        out.extend(_printed(hunk, old, new))
    return b"".join(out)


def diff_path(path: str) -> str:
    """``path`` relative to the working directory, with forward slashes.

    What lies outside is named from the root without its leading slash, so that ``patch -p1 -d /`` finds it.
    """
    whole = os.path.abspath(path)
    try:
        relative = os.path.relpath(whole)
    except ValueError:  # another drive
        relative = os.pardir
    if relative == os.pardir or relative.startswith(os.pardir + os.sep):
        relative = os.path.splitdrive(whole)[1].lstrip(os.sep)
    return relative.replace(os.sep, "/")


def lines(data: bytes) -> list[bytes]:
    """``data`` cut after each ``\\n``."""
    cut = data.split(b"\n")
    last = cut.pop()
    whole = [line + b"\n" for line in cut]
    return [*whole, last] if last else whole


def changes(old: list[bytes], new: list[bytes]) -> list[Block]:
    """The stretches that differ, in order; between them the texts are equal line by line."""
    blocks: list[Block] = []
    todo = [(0, len(old), 0, len(new), 0)]
    while todo:
        i1, i2, j1, j2, depth = todo.pop()
        while i1 < i2 and j1 < j2 and old[i1] == new[j1]:
            i1, j1 = i1 + 1, j1 + 1
        while i1 < i2 and j1 < j2 and old[i2 - 1] == new[j2 - 1]:
            i2, j2 = i2 - 1, j2 - 1
        if i1 == i2 and j1 == j2:
            continue
        block = (i1, i2, j1, j2)
        if depth < _DEEPEST and (anchors := _anchors(old, new, block)):
            todo.extend(_between(anchors, block, depth + 1))
        elif i2 - i1 + j2 - j1 <= _SHORT and not set(old[i1:i2]).isdisjoint(new[j1:j2]):
            blocks.extend(_compared(old, new, block))
        else:
            blocks.append(block)
    return sorted(blocks)


def _compared(old: list[bytes], new: list[bytes], block: Block) -> Iterator[Block]:
    from difflib import SequenceMatcher

    i1, i2, j1, j2 = block
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, old[i1:i2], new[j1:j2], autojunk=False).get_opcodes():
        if tag != "equal":
            yield i1 + a1, i1 + a2, j1 + b1, j1 + b2


def _anchors(old: list[bytes], new: list[bytes], block: Block) -> list[tuple[int, int]]:
    """Pairs of equal lines that occur once on each side, as many as keep their order (a longest increasing run)."""
    i1, i2, j1, j2 = block
    there = _once(new, j1, j2)
    pairs = [(i, there[line]) for line, i in _once(old, i1, i2).items() if line in there]
    tails: list[int] = []  # the smallest new line that ends a run of each length
    ends: list[int] = []  # the pair that does
    before: list[int] = []
    for at, (_, j) in enumerate(pairs):
        length = bisect_left(tails, j)
        before.append(ends[length - 1] if length else -1)
        if length == len(tails):
            tails.append(j)
            ends.append(at)
        else:
            tails[length], ends[length] = j, at
    run: list[tuple[int, int]] = []
    at = ends[-1] if ends else -1
    while at != -1:
        run.append(pairs[at])
        at = before[at]
    return run[::-1]


def _once(text: list[bytes], start: int, end: int) -> dict[bytes, int]:
    """The lines of a stretch that occur once in it, and where, in order."""
    seen: dict[bytes, int] = {}
    for at in range(start, end):
        seen[text[at]] = -1 if text[at] in seen else at
    return {line: at for line, at in seen.items() if at != -1}


def _between(anchors: list[tuple[int, int]], block: Block, depth: int) -> Iterator[tuple[int, int, int, int, int]]:
    i1, i2, j1, j2 = block
    for i, j in anchors:
        yield i1, i, j1, j, depth
        i1, j1 = i + 1, j + 1
    yield i1, i2, j1, j2, depth


def _hunks(blocks: list[Block]) -> Iterator[list[Block]]:
    """Blocks that share context, together."""
    hunk: list[Block] = []
    for block in blocks:
        if hunk and block[0] - hunk[-1][1] > 2 * CONTEXT:
            yield hunk
            hunk = []
        hunk.append(block)
    if hunk:
        yield hunk


def _printed(hunk: list[Block], old: list[bytes], new: list[bytes]) -> Iterator[bytes]:
    above = min(CONTEXT, hunk[0][0])
    below = min(CONTEXT, len(old) - hunk[-1][1])
    yield b"@@ -%s +%s @@\n" % (
        _range(hunk[0][0] - above, hunk[-1][1] + below),
        _range(hunk[0][2] - above, hunk[-1][3] + below),
    )
    at = hunk[0][0] - above
    for i1, i2, j1, j2 in hunk:
        yield from (_line(b" ", line) for line in old[at:i1])
        yield from (_line(b"-", line) for line in old[i1:i2])
        yield from (_line(b"+", line) for line in new[j1:j2])
        at = i2
    yield from (_line(b" ", line) for line in old[at : at + below])


def _range(start: int, end: int) -> bytes:
    """A hunk's line numbers: of an empty range, the line before it counts."""
    if end - start == 1:
        return b"%d" % (start + 1)
    return b"%d,%d" % (start + 1 if end > start else start, end - start)


def _line(mark: bytes, line: bytes) -> bytes:
    return mark + line if line.endswith(b"\n") else mark + line + b"\n\\ No newline at end of file\n"


def _name(path: str) -> bytes:
    """A file name as git writes it in a diff: quoted when odd, and ended by a tab when it holds a blank."""
    raw = os.fsencode(path)
    if any(byte < 0x20 or byte >= 0x7F or byte in b'"\\' for byte in raw):
        return b'"' + b"".join(_quoted(byte) for byte in raw) + b'"\n'
    return raw + (b"\t\n" if b" " in raw else b"\n")


def _quoted(byte: int) -> bytes:
    plain = {
        0x07: b"a",
        0x08: b"b",
        0x09: b"t",
        0x0A: b"n",
        0x0B: b"v",
        0x0C: b"f",
        0x0D: b"r",
        0x22: b'"',
        0x5C: b"\\",
    }
    if byte in plain:
        return b"\\" + plain[byte]
    return b"%c" % byte if 0x20 <= byte < 0x7F else b"\\%03o" % byte
