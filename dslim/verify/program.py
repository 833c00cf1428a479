"""Whether the program that an image starts is still there and would load, as far as files alone can tell.

Each check asks before and after, and is wrong only where the rewrite lost something: what was broken before is said to be
so. The entry point, the command and their arguments are looked at as the kernel and execvp(3) would: PATH, `#!`, the
execute bit for the image's user, interpreter and shared libraries.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import NamedTuple

from dslim.images.entry import Entry
from dslim.verify.elf import MAGIC, lacking
from dslim.verify.places import Root

_SHELLS = {"sh", "bash", "ash", "dash", "zsh", "ksh", "busybox"}
_BUILTINS = frozenset(". : [ alias bg break cd command continue echo eval exec exit export false fg getopts hash if for "
                      "case while until jobs kill printf pwd read readonly return set shift source test times trap true "
                      "type ulimit umask unset wait { ( ! function do then else fi done esac".split())  # fmt: skip
_DEPTH = 5  #: interpreters that name interpreters


class Check(NamedTuple):
    """One thing that was looked at. ``ok`` is True when the image after is as good as the one before."""

    check: str
    ok: bool
    detail: str


class Started(NamedTuple):
    """One file that an image starts, or hands to what it starts. ``role`` is "entry point", "command" or "argument"."""

    role: str
    word: str


def argv(config: object) -> list[str]:
    """The words of a command, as a configuration has them: a list, or nothing."""
    return [str(word) for word in config] if isinstance(config, (list, tuple)) else []


def started(root: Root) -> Iterator[Started]:
    """The words of ENTRYPOINT and CMD that name a program, or a file that is there."""
    entrypoint, command = argv(root.config.get("Entrypoint")), argv(root.config.get("Cmd"))
    words = [*entrypoint, *command]
    if not words:
        return
    yield Started("entry point", words[0])
    shell_text = _shell_text(words)
    if shell_text is not None:
        yield from (Started("command", word) for word in _commands(shell_text))
        return
    for place, word in enumerate(words[1:], 1):
        if place == len(entrypoint) and root.program(word) is not None:
            yield Started("command", word)  # an entry point that ends with exec "$@" starts it
        elif not word.startswith("-") and root.file(root.absolute(word)) is not None:
            yield Started("argument", word)


def program(before: Root, after: Root) -> list[Check]:
    """The checks of what both images start."""
    checks: list[Check] = []
    for one in started(before):
        checks += _compared(one, before, after)
    if _user(before) != _user(after) or before.user is None:
        known = before.user is None or after.user is not None
        name = str(after.config.get("User") or "root")
        checks.append(Check("user", known, f"{name}: {_user(before)} before, {_user(after)} after"))
    return checks


def _compared(one: Started, before: Root, after: Root) -> Iterator[Check]:
    is_file = one.role == "argument"
    old = before.file(before.absolute(one.word)) if is_file else before.program(one.word)
    new = after.file(after.absolute(one.word)) if is_file else after.program(one.word)
    if new is None:
        if old is None:
            yield Check(one.role, True, f"{one.word} is not found, as before")
        else:
            yield Check(one.role, False, f"{one.word} was /{old.path}, and is not found")
        return
    if is_file:
        yield Check(one.role, True, f"/{new.path}")
        return
    troubles = faults(after, new)
    known = set(faults(before, old)) if old is not None and troubles else set()
    lost = [trouble for trouble in troubles if trouble not in known]
    if lost:
        yield Check(one.role, False, "; ".join(lost))
    elif troubles:
        yield Check(one.role, True, f"{'; '.join(troubles)}, as before")
    else:
        yield Check(one.role, True, f"/{new.path} is executable, finds its interpreter and its libraries")


def faults(root: Root, entry: Entry, depth: int = 0) -> list[str]:
    """Why the file cannot be executed in its image: each reason in a few words."""
    if not root.executable(entry):
        return [f"/{entry.path} is not executable (mode {entry.mode:04o}) for {root.config.get('User') or 'root'}"]
    data = root.contents(entry.path)
    if data is None:
        return []
    if data.startswith(MAGIC):
        return lacking(root, entry)
    if not data.startswith(b"#!") or depth >= _DEPTH:
        return []
    line = data[2:256].split(b"\n")[0].decode("utf-8", "replace").replace("\t", " ")
    words = [word for word in line.split(" ") if word]  # to the kernel a carriage return is part of the name
    if not words:
        return []
    interpreter = root.file(words[0])
    if interpreter is None:
        carriage = " (the line ends with a carriage return)" if line.endswith("\r") else ""
        return [f"/{entry.path}: its interpreter {words[0].strip()} is missing{carriage}"]
    if words[0].endswith("/env"):
        name = next((word for word in words[1:] if not word.startswith("-") and "=" not in word), "")
        found = root.program(name)
        if name and found is None:
            return [f"/{entry.path}: its interpreter {name} is not on PATH"]
        interpreter = found or interpreter
    return faults(root, interpreter, depth + 1)


def _shell_text(words: list[str]) -> str | None:
    """The text that a shell is given with -c."""
    if words[0].rpartition("/")[2] not in _SHELLS:
        return None
    for place, word in enumerate(words[1:], 1):
        if re.fullmatch(r"-[a-z]*c[a-z]*", word):
            return " ".join(words[place + 1 : place + 2])
        if not word.startswith(("-", "+")):
            return None
    return None


def _commands(text: str) -> Iterator[str]:
    """The first words of the simple commands in a shell text, where they are plain words and no part of the shell."""
    try:
        lexer = shlex.shlex(text, posix=True, punctuation_chars="();<>|&\n")
        lexer.whitespace = " \t"
        tokens = list(lexer)
    except ValueError:
        return
    first = True
    for token in tokens:
        if set(token) <= set("();|&\n"):
            first = True
        elif first and (re.fullmatch(r"\w+=.*", token) or token in ("exec", "command", "!", "{", "time")):
            continue
        elif first:
            first = False
            if token not in _BUILTINS and re.fullmatch(r"[\w./+@%-]+", token):
                yield token


def _user(root: Root) -> str:
    return "unknown" if root.user is None else f"uid {root.user[0]}"
