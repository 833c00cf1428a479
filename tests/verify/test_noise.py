"""What differs between two builds of the original is not held against the rewrite, and nothing else is forgiven."""

from __future__ import annotations

import pytest

from dslim.images.entry import Entry
from dslim.verify.compare import NOISE, trees, without_noise


def tree(*entries: Entry) -> dict[str, Entry]:
    return {entry.path: entry for entry in entries}


def f(path: str, content: str = "", mode: int = 0o644) -> Entry:
    return Entry(path, "file", mode, size=len(content), digest=content.encode().hex())


def d(path: str) -> Entry:
    return Entry(path, "directory", 0o755)


@pytest.mark.parametrize(
    ("before", "again", "after", "left"),
    [
        # content that is new each time, and its mode, which is not
        ([f("id", "1")], [f("id", "2")], [f("id", "3")], []),
        ([f("id", "1")], [f("id", "2")], [f("id", "3", 0o600)], ["id"]),
        ([f("id", "1")], [f("id", "2")], [], ["id"]),
        # names that are new each time
        ([f("opt/tmp.aB1")], [f("opt/tmp.xY2")], [f("opt/tmp.q9Z")], []),
        ([d("tmp.aB1"), f("tmp.aB1/x")], [d("tmp.xY2"), f("tmp.xY2/x")], [d("tmp.q9Z"), f("tmp.q9Z/x")], []),
        ([f("opt/tmp.aB1")], [f("opt/tmp.xY2")], [], ["opt/tmp.aB1"]),
        ([f("opt/tmp.aB1")], [f("opt/tmp.xY2")], [f("opt/tmp.q9Z"), f("opt/other")], ["opt/other"]),
        ([f("opt/log-123.txt")], [f("opt/log-7.txt")], [f("opt/log-99999.txt")], []),
        # names that have letters in common by chance
        ([f("opt/tmp.aB1z")], [f("opt/tmp.aC2z")], [f("opt/tmp.q9ZW")], []),
        ([f("opt/run10.log")], [f("opt/run120.log")], [f("opt/run7.log")], []),
        ([f("opt/3f9a")], [f("opt/3b7c")], [f("opt/900d")], []),
        # a file that only some builds make
        ([f("lock")], [], [], []),
        ([], [f("lock")], [f("lock")], []),
        # a real difference beside noise
        ([f("id", "1"), f("a")], [f("id", "2"), f("a")], [f("id", "3")], ["a"]),
        ([f("id", "1")], [f("id", "2")], [f("id", "3"), f("b")], ["b"]),
        ([f("a", "1")], [f("a", "1")], [f("a", "2")], ["a"]),
    ],
)
def test_noise(before: list[Entry], again: list[Entry], after: list[Entry], left: list[str]) -> None:
    noise = trees(tree(*before), tree(*again)).differences
    plain = trees(tree(*before), tree(*after))
    found = without_noise(plain, noise)
    assert [one.path for one in found.differences] == left
    assert found.explained.get(NOISE, 0) == len(plain.differences) - len(left)
