"""Names of files: how one is read in a directory, when two mean the same file, and what a download is called."""

from __future__ import annotations

import shlex
from typing import Final

from rewriter import posixpath
from rewriter.glob import matches
from rewriter.model import paths
from rewriter.model.scope import State
from rewriter.syntax.script import Script, Simple, Word
from rewriter.syntax.shell import read_shell

#: letters of a name that tell which file is meant although a variable stands among them
_TELLING: Final = 4


def join(cwd: str | None, path: str) -> str | None:
    """``path`` seen from ``cwd``, or None when that is not known."""
    if path.startswith("/"):
        return "/" + posixpath.normpath(path).lstrip("/")
    if path.startswith("${"):
        return posixpath.normpath(path)
    if cwd is None:
        return None
    if "/" not in path and path not in ("", ".", ".."):  # most paths are plain names
        return cwd.rstrip("/") + "/" + path
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
    plain = "*" not in pattern and "?" not in pattern and "[" not in pattern
    if pattern[:1] in "./" and path[:1] in "./" and pattern[:1] != path[:1]:  # the unknown directory may be any
        short, long = (pattern, path) if pattern[0] == "." else (path, pattern)
        tail = short[short.find("/") :] if "/" in short else ""
        if not tail or long.endswith(tail):
            return bool(tail)
        name = "/" + posixpath.basename(pattern)
        return path.endswith(name) if plain else matches(path, "*" + name)
    return not plain and pattern.count("/") == path.count("/") and matches(path, pattern)


def perhaps(pattern: str, path: str) -> bool:
    """True when ``pattern`` is called after a variable and names ``path`` with some value of it: ``/tmp/x_${id}.exe``. Nothing
    is said of a name that is all variable."""
    if "${" not in pattern or "${" in path:
        return False
    pieces = _literals(posixpath.basename(pattern))
    if sum(map(len, pieces)) < _TELLING:
        return False
    at, name = 0, posixpath.basename(path)
    for piece in pieces:
        at = name.find(piece, at)
        if at == -1:
            return False
        at += len(piece)
    return True


def mentions(text: str, path: str) -> bool:
    """True when the last part of the path stands in ``text`` as a word of its own; variables in it match anything, one at
    its end a version: ``a-${V}`` is in ``cd /a-1.2/bin``."""
    name = posixpath.basename(path)
    pieces, open_end = _literals(name), name.endswith("}") and "${" in name
    return any(_stands(line, pieces, open_end) for line in text.split("\n"))


def _literals(name: str) -> list[str]:
    """The pieces of a name between its variables: ``a-${V}.gz`` gives ``a-``, ``.gz``."""
    pieces = []
    while "${" in name:
        head, _, name = name.partition("${")
        pieces.append(head)
        name = name.partition("}")[2]
    return [piece for piece in (*pieces, name) if piece]


def _stands(line: str, pieces: list[str], open_end: bool) -> bool:
    if not pieces:
        return True
    at = line.find(pieces[0])
    while at != -1:
        end = at + len(pieces[0])
        for piece in pieces[1:]:
            found = line.find(piece, end)
            end = -1 if found == -1 or end == -1 else found + len(piece)
        before, after = line[at - 1 : at], line[end : end + 1]
        if open_end and line[end : end + 2].removeprefix("v")[:1].isdigit():
            after = ""
        if end != -1 and not (before.isalnum() or before == "_") and not (after.isalnum() or after == "_"):
            return True
        at = line.find(pieces[0], at + 1)
    return False


def word(raw: str) -> Word:
    """A piece of shell text as the word that it is; one without a value when it is none."""
    script = read_shell(f"_ {raw}")
    if isinstance(script, Script):
        simple = script.body.statements[0].list.pipelines[0].commands[0]
        if isinstance(simple, Simple) and len(simple.words) == 2:
            return simple.words[1]
    return Word(0, 0, raw, None, parameters=("?",))


def downloaded(url: Word, state: State) -> tuple[str, str] | None:
    """The last part of a URL, and how to write it in shell; None when that is not known."""
    text = paths.symbolic(url, state)
    if text is None or (url.pattern and "?" not in text):
        return None
    rest = text.partition("://")[2] if "://" in text else text
    if "/" not in rest:
        return None
    name = rest.rpartition("/")[2].partition("#")[0]
    if not name or name == "${" or "/" in name or "*" in name:
        return None
    raw = url.raw
    body = raw[1:-1] if len(raw) > 1 and raw[0] == raw[-1] and raw[0] in "\"'" else raw
    last = body.rpartition("/")[2].partition("#")[0]
    same_name = bool(last) and paths.symbolic(word(f'"{last}"'), state) == name
    if "'" in body or '"' in body or "\\" in body or raw[0] == "'" or not same_name:
        return name, (shlex.quote(name) if "$" not in name else f'"{name}"')
    if url.quoted and "$" in last:
        return name, f'"{last}"'
    return name, (last if "$" in last else shlex.quote(name))
