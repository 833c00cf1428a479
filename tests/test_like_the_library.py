"""The ground's own short ways say what the standard library says."""

import posixpath as library
from fnmatch import fnmatchcase

from hypothesis import given
from hypothesis import strategies as st

from rewriter import glob, posixpath

PATHS = st.lists(st.sampled_from(["/", "//", ".", "..", "a", "b.c", ".x", "~", "$X", " ", "é"]), max_size=7).map(
    "".join
)
TEXTS = st.text("ab/\n.", max_size=8)
PATTERNS = st.text("ab/.*?[]!-", max_size=7)


@given(PATHS)
def test_of_one_path(path: str) -> None:
    assert posixpath.basename(path) == library.basename(path)
    assert posixpath.dirname(path) == library.dirname(path)
    assert posixpath.normpath(path) == library.normpath(path)
    assert posixpath.split(path) == library.split(path)


@given(PATHS, st.lists(PATHS, max_size=3))
def test_of_several_paths(path: str, more: list[str]) -> None:
    assert posixpath.join(path, *more) == library.join(path, *more)


@given(TEXTS, PATTERNS)
def test_of_patterns(text: str, pattern: str) -> None:
    assert glob.matches(text, pattern) == fnmatchcase(text, pattern)


@given(st.lists(TEXTS, min_size=1, max_size=4), st.lists(TEXTS, max_size=3))
def test_of_patterns_that_match(pieces: list[str], between: list[str]) -> None:
    text = pieces[0] + "".join(a + b for a, b in zip(between, pieces[1:], strict=False))
    pattern = "*".join(pieces[: len(between) + 1])
    assert glob.matches(text, pattern) == fnmatchcase(text, pattern)
