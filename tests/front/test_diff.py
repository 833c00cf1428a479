"""The diffs: what git and patch make of them is the file that we meant, to the byte."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest

from dslim.diff import changes, diff_path, lines, unified

CASES = {
    "one line": (b"FROM a\nRUN b\n", b"FROM a\nRUN c\n"),
    "CRLF": (b"FROM a\r\nRUN b\r\nRUN c\r\n", b"FROM a\r\nRUN x\r\n"),
    "CRLF and LF mixed": (b"FROM a\r\nRUN b\nRUN c\r\n", b"FROM a\r\nRUN b\nRUN d\n"),
    "BOM": (b"\xef\xbb\xbfFROM a\nRUN b\n", b"\xef\xbb\xbfFROM a\nRUN c\nRUN d\n"),
    "BOM, first line": (b"\xef\xbb\xbfFROM a\n", b"\xef\xbb\xbfFROM b\n"),
    "no final newline": (b"FROM a\nRUN b", b"FROM a\nRUN c"),
    "no final newline, CRLF": (b"FROM a\r\nRUN b", b"FROM a\r\nRUN b\r\nRUN c"),
    "final newline gone": (b"FROM a\nRUN b\n", b"FROM a\nRUN b"),
    "final newline new": (b"FROM a\nRUN b", b"FROM a\nRUN b\n"),
    "far from the end without newline": (b"RUN x\n" * 9 + b"RUN b", b"RUN y\n" + b"RUN x\n" * 8 + b"RUN b"),
    "carriage returns and form feeds inside": (b"RUN a\rb\x0cc\x85\nRUN d\n", b"RUN a\rb\x0cc\x85\nRUN e\n"),
    "lines that look like a diff": (b"--- a\n+++ b\n@@ -1 +1 @@\nx\n", b"--- a\n+++ b\n@@ -1 +1 @@\n-- x\n"),
    "not UTF-8": (b"RUN \xff\nRUN b\n", b"RUN \xff\nRUN c\n"),
    "one line removed": (b"a\nb\nc\n", b"a\nc\n"),
    "inserted at the start": (b"a\nb\n", b"z\na\nb\n"),
    "two hunks": (
        b"".join(b"%d\n" % n for n in range(40)),
        b"x\n" + b"".join(b"%d\n" % n for n in range(1, 39)) + b"y\n",
    ),
}
NAMES = [
    "Dockerfile",
    "a folder/Docker file",
    'quo"te',
    "tab\there",
    "é/Dockerfile",
    "back\\slash",
    "--- a",
    "line\nbreak",
]


def applied(tool: list[str], folder: Path, name: str, before: bytes, after: bytes) -> bytes:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(before)
    done = subprocess.run(tool, cwd=folder, input=unified(before, after, name), capture_output=True, check=False)
    assert done.returncode == 0, done
    assert [each for each in folder.rglob("*") if each.is_file()] == [path], "no .orig, no .rej"
    return path.read_bytes()


@pytest.mark.parametrize("tool", [["git", "apply"], ["patch", "-p1", "--no-backup-if-mismatch"]], ids=["git", "patch"])
@pytest.mark.parametrize("case", CASES)
def test_is_accepted_to_the_byte(tool: list[str], case: str, tmp_path: Path) -> None:
    before, after = CASES[case]
    assert applied(tool, tmp_path, "Dockerfile", before, after) == after
    assert applied(tool, tmp_path, "Dockerfile", after, before) == before


@pytest.mark.parametrize("name", NAMES)
def test_odd_names_are_accepted_by_git(name: str, tmp_path: Path) -> None:
    assert applied(["git", "apply"], tmp_path, name, b"FROM a\n", b"FROM b\n") == b"FROM b\n"


@pytest.mark.parametrize("name", NAMES[:6])
def test_odd_names_are_accepted_by_patch(name: str, tmp_path: Path) -> None:
    assert applied(["patch", "-p1"], tmp_path, name, b"FROM a\n", b"FROM b\n") == b"FROM b\n"


def test_random_texts_are_accepted(tmp_path: Path) -> None:
    dice = random.Random(1)
    for _ in range(30):
        before = b"".join(dice.choice([b"a\n", b"b\n", b"\n", b"c\r\n"]) for _ in range(dice.randrange(1, 30)))
        after = b"".join(line for line in lines(before) for _ in range(dice.choice([0, 1, 1, 1, 2]))) + b"end"
        assert applied(["git", "apply"], tmp_path, "Dockerfile", before, after) == after


def test_long_texts_keep_small_changes_small() -> None:
    old = [b"RUN %d\n" % n for n in range(20_000)]
    new = list(old)
    new[10] = b"RUN x\n"
    new[15_000:15_002] = [b"RUN y\n"]
    del new[19_000]
    assert changes(old, new) == [(10, 11, 10, 11), (15_000, 15_002, 15_000, 15_001), (19_001, 19_002, 19_000, 19_000)]


def test_where_difflib_is_quadratic_the_changes_still_turn_one_into_the_other() -> None:
    old = [b"same\n", b"other\n"] * 20_000
    new = [b"other\n", b"other\n", b"same\n"] * 15_000
    turned, at = [], 0
    for first, last, begin, end in changes(old, new):
        turned += [*old[at:first], *new[begin:end]]
        at = last
    assert turned + old[at:] == new


def test_equal_texts_have_no_diff() -> None:
    assert unified(b"FROM a\n", b"FROM a\n", "Dockerfile") == b""


def test_paths_are_relative_to_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = tmp_path / "here"
    inside.mkdir()
    monkeypatch.chdir(inside)
    assert diff_path(str(inside / "x" / "Dockerfile")) == "x/Dockerfile"
    assert diff_path("./Dockerfile") == "Dockerfile"
    assert diff_path("../Dockerfile") == str(tmp_path / "Dockerfile").lstrip("/")
