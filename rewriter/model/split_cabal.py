"""What .cabal files and package.yaml of a context say: the programs, and whether files are installed beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from rewriter.rule import Ask

_PROGRAM: Final = re.compile(r"^[ \t]*executable[ \t]+([\w.-]+)", re.MULTILINE | re.IGNORECASE)
#: ``executables:`` of package.yaml, with what is indented below. Source: github.com/sol/hpack
_BLOCK: Final = re.compile(r"^executables?:[ \t]*\n((?:[ \t]+\S.*\n?|[ \t]*\n|#.*\n)+)", re.MULTILINE)
_KEY: Final = re.compile(r"^([ \t]+)([\w.-]+):", re.MULTILINE)
_NAME: Final = re.compile(r"^name:[ \t]*([\w.-]+)", re.MULTILINE | re.IGNORECASE)
#: options with which a program links the Haskell libraries of GHC's folder. Source: the user's guide of GHC, "Shared libraries"
_DYNAMIC: Final = re.compile(
    r"(?<![\w-])-dynamic(?![\w-])|--enable-executable-dynamic|^[ \t]*executable-dynamic:[ \t]*True", re.MULTILINE
)
_SETTINGS: Final = ("cabal.project", "cabal.project.local", "stack.yaml", "package.yaml")
_DATA: Final = re.compile(r"^[ \t]*data-(?:files|dir)[ \t]*:", re.MULTILINE | re.IGNORECASE)


def programs(ask: Ask) -> tuple[str, ...]:
    """The programs that the packages of the context build."""
    return tuple(dict.fromkeys(name for path, text in _manifests(ask) for name in of_manifest(path, text)))


def of_manifest(path: str, text: str) -> list[str]:
    """The programs of one package."""
    if path.endswith(".cabal"):
        return _PROGRAM.findall(text)
    block = _BLOCK.search(text)
    if block is None:
        return []
    if block[0].startswith("executable:"):  # one, which is called like its package
        return _NAME.findall(text)[:1]
    keys = _KEY.findall(block[1])
    first = min((len(indent) for indent, _ in keys), default=0)
    return [name for indent, name in keys if len(indent) == first]


def data(ask: Ask) -> str:
    """The manifest of the context that installs files beside programs, "" for none that is seen."""
    return next((path for path, text in _manifests(ask) if _DATA.search(text)), "")


def dynamic(runs: str, ask: Ask) -> bool:
    """True where these RUNs, or what is seen of the context, link programs with shared Haskell libraries."""
    seen = (path for path in ask.files() or () if path.endswith(".cabal") or path.rpartition("/")[2] in _SETTINGS)
    return any(_DYNAMIC.search(text) for text in (runs, *(ask.context(path) or "" for path in seen)))


def _manifests(ask: Ask) -> Iterator[tuple[str, str]]:
    for path in ask.files() or ():
        if path.endswith(".cabal") or path.rpartition("/")[2] == "package.yaml":
            yield path, ask.context(path) or ""
