"""Paths that commands delete, as far as they can be known."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import Final

from rewriter import posixpath
from rewriter.model.command import Command
from rewriter.model.scope import State
from rewriter.syntax.script import Word

#: paths out of one word with braces; each further brace multiplies them
_MOST: Final = 1000


def inside(path: str, directory: str) -> bool:
    """True when ``path`` is ``directory`` or lies below it."""
    return path == directory or directory == "/" or path.startswith(directory + "/")


def brace_expansions(text: str) -> tuple[str, ...]:
    """``/var/{a,b}`` as ``/var/a``, ``/var/b``; nested braces are not expanded further than once from the left. The text
    itself where there would be too many."""
    start = text.find("{")
    end = text.find("}", start)
    if start == -1 or end == -1 or "," not in text[start:end]:
        return (text,)
    many = prod([piece.count(",") + 1 for piece in text.split("{")[1:]])  # at most
    if many > _MOST:
        return (text,)
    found: list[str] = []
    for choice in text[start + 1 : end].split(","):
        found.extend(brace_expansions(text[:start] + choice + text[end + 1 :]))
    return tuple(found)


def literal(word: Word, command: Command, state: State) -> str | None:
    """The absolute path that a word names, ``~``, ``$HOME`` and known ENV included, or None."""
    text = word.value
    if text is None:
        text = symbolic(word, state)
        if text is None or "$" in text:
            return None
    if text.startswith("/"):
        return posixpath.normpath(text) + ("/" if text.endswith("/") and len(text) > 1 else "")
    if command.cwd is None:
        return None
    return posixpath.normpath(posixpath.join(command.cwd, text))


def symbolic(word: Word, state: State) -> str | None:
    """A word with ``~``, ``$HOME`` and the variables of known value filled in; variables of unknown value stay as
    ``${NAME}``, so that two equal results mean equal paths while no variable changes. None for what cannot be compared."""
    if word.value is not None:
        return word.value
    if word.substitutions or word.assigns:
        return None
    text = word.raw.replace('"', "")
    if "'" in text or "\\" in text or "`" in text:
        return None
    if text.startswith("~"):
        home = state.home
        if home is None or text[1:2] not in ("", "/"):
            return None
        text = home + text[1:]
    for name in sorted(set(word.parameters), key=len, reverse=True):
        value = state.home if name == "HOME" else state.environment.get(name)
        braced = "${" + name + "}"
        if value is None:
            value = braced
        elif "$" in value:
            return None
        text = text.replace(braced, "\0")
        text = text.replace("$" + name, "\0")
        text = text.replace("\0", value)
    rest = text
    for name in word.parameters:
        rest = rest.replace("${" + name + "}", "")
    return None if "$" in rest else text


#: what :func:`emptied` knows
DELETERS: Final = ("rm", "find")


def emptied(command: Command, state: State) -> Iterator[str]:
    """The directories whose whole content ``command`` deletes: the operands of ``rm -r``, ``dir/*`` as ``dir``."""
    if command.tool == "rm" and command.has("-r", "-R", "--recursive"):
        for word in command.operands:
            path = literal(word, command, state)
            if path is None:
                continue
            for one in brace_expansions(path) if word.pattern else (path,):
                directory = one.rstrip("/")
                while directory.endswith(("/*", "/.*")):
                    directory = posixpath.dirname(directory)
                if directory and not any(letter in directory for letter in "*?["):
                    yield directory
    elif command.tool == "rm":
        # without -r the files of a flat directory go: enough for /var/cache/apk/*
        for word in command.operands:
            path = literal(word, command, state)
            if path is not None and word.pattern and path.endswith("/*"):
                yield path[:-2]
    elif command.tool == "find" and command.has("-delete"):
        first = next((word for word in command.arguments if not word.raw.startswith("-")), None)
        path = literal(first, command, state) if first is not None else None
        if path is not None and not command.has("-name", "-iname", "-path", "-mtime", "-size", "-regex"):
            yield path.rstrip("/")
