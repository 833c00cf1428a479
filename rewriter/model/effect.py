"""What one command does to files, and when two names of files mean the same one. See :mod:`rewriter.model.effects`."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import NamedTuple

from rewriter.model import paths
from rewriter.model.command import Command


class Made(NamedTuple):
    """A path that a command makes.

    ``kind`` is "file", "directory" (an empty one), "tree" (a directory and all in it) or "below" (members of unknown
    names in an existing directory). ``text`` is the path as shell text, in the author's quoting, and means this path in
    the working directory ``cwd``. ``download``: it came from the network.
    """

    path: str
    kind: str
    text: str
    cwd: str | None
    command: Command
    download: bool = False


class Unpacked(NamedTuple):
    """A file whose content a command put elsewhere: unpacked, installed, or run as an installer.

    ``into`` is the directory that an archive was unpacked to, None when it is not known or nothing was unpacked.
    ``runs`` is True for an installer.
    """

    path: str
    text: str
    into: str | None
    runs: bool = False


class Effect(NamedTuple):
    """What one command does to files.

    ``reads`` are paths and patterns that its words name, ``deep`` directories whose whole content it may read.
    ``anything`` is True for a program that is not known to keep to what its words name.
    """

    command: Command
    cwd: str | None
    makes: tuple[Made, ...] = ()
    reads: tuple[str, ...] = ()
    deep: tuple[str, ...] = ()
    unpacks: tuple[Unpacked, ...] = ()
    deletes: tuple[str, ...] = ()
    anything: bool = False


class Effects(NamedTuple):
    """The effects of a RUN's commands in order, and where its own shell ends (None: not known).

    ``own`` are the variables that the RUN assigns and whose value is not known before it runs.
    """

    each: tuple[Effect, ...]
    end: str | None
    own: frozenset[str]

    @property
    def makes(self) -> Iterator[Made]:
        return (made for effect in self.each for made in effect.makes)

    def local(self, path: str) -> bool:
        """True when the path means something only inside this RUN."""
        return any("${" + name + "}" in path for name in self.own)


def join(cwd: str | None, path: str) -> str | None:
    """``path`` seen from ``cwd``, or None when that is not known."""
    if path.startswith("/"):
        return "/" + posixpath.normpath(path).lstrip("/")
    if path.startswith("${"):
        return posixpath.normpath(path)
    if cwd is None:
        return None
    rest = posixpath.normpath(path)
    while rest == ".." or rest.startswith("../"):
        if "/" not in cwd or posixpath.basename(cwd).startswith("${"):
            return None
        cwd, rest = posixpath.dirname(cwd) or "/", rest[3:] or "."
    return cwd if rest == "." else (cwd.rstrip("/") + "/" + rest)


def same(pattern: str, path: str) -> bool:
    """True when ``pattern``, which may have ``* ? [``, names ``path``."""
    if pattern == path:
        return True
    if pattern[:1] in "./" and path[:1] in "./" and pattern[:1] != path[:1]:  # the unknown directory may be any
        short, long = (pattern, path) if pattern[0] == "." else (path, pattern)
        tail = short[short.find("/") :] if "/" in short else ""
        return bool(tail) and (long.endswith(tail) or fnmatchcase(path, "*" + posixpath.basename(pattern)))
    return pattern.count("/") == path.count("/") and fnmatchcase(path, pattern)


def reads(effect: Effect, path: str) -> bool:
    """True when the command names the path, something in it, or a directory that it reads whole with it inside."""
    return any(same(read, path) or paths.inside(read, path) for read in effect.reads) or any(
        paths.inside(path, directory) for directory in effect.deep
    )


def mentions(text: str, path: str) -> bool:
    """True when the last part of the path stands in ``text`` as a word of its own; variables in it match anything."""
    return any(_stands(line, _literals(posixpath.basename(path))) for line in text.split("\n"))


def _literals(name: str) -> list[str]:
    """The pieces of a name between its variables: ``a-${V}.gz`` gives ``a-``, ``.gz``."""
    pieces = []
    while "${" in name:
        head, _, name = name.partition("${")
        pieces.append(head)
        name = name.partition("}")[2]
    return [piece for piece in (*pieces, name) if piece]


def _stands(line: str, pieces: list[str]) -> bool:
    if not pieces:
        return True
    at = line.find(pieces[0])
    while at != -1:
        end = at + len(pieces[0])
        for piece in pieces[1:]:
            found = line.find(piece, end)
            end = -1 if found == -1 or end == -1 else found + len(piece)
        before, after = line[at - 1 : at], line[end : end + 1]
        if end != -1 and not (before.isalnum() or before == "_") and not (after.isalnum() or after == "_"):
            return True
        at = line.find(pieces[0], at + 1)
    return False
