"""Files of the base image or of the toolchain that the program is told about: another image may lack them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from rewriter.knowledge import golang
from rewriter.model import paths

_ENDINGS: Final = "\"'`=:,;[](){}<>|&"


def toolchain(texts: Iterable[str], trees: tuple[str, ...]) -> str:
    """A file of the toolchain, which may also lie in ``trees``, that a text names, or ""."""
    tops = (*golang.listed("imports", "toolchain_files"), *trees)
    return next((path for path in _absolute(texts) if any(paths.inside(path, top) for top in tops)), "")


def system(texts: Iterable[str], own: list[str]) -> str:
    """A file of the base image's own that a text names, "" without one. What lies in or above ``own`` is the author's."""
    folders, common = golang.listed("imports", "system"), golang.listed("imports", "common")
    for path in _absolute(texts):
        if not f"{path}/".startswith(folders) or any(path == one or _below(path, one) for one in common):
            continue
        if not any(paths.inside(path, one) or paths.inside(one, path) for one in own):
            return path
    return ""


def _below(path: str, common: str) -> bool:
    """True below a folder that every image has alike; a folder of others' files is common itself, not what is in it."""
    return common.endswith("/") and path.startswith(common)


def _absolute(texts: Iterable[str]) -> Iterator[str]:
    """The absolute paths in the texts."""
    for text in texts:
        if "/" not in text:
            continue
        for sign in _ENDINGS:
            text = text.replace(sign, " ")
        for word in text.split():
            if word.startswith("/") and len(word) > 1:
                yield word.rstrip("/.") or "/"
