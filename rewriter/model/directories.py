"""Whether the directory in which one RUN ends could matter to RUNs that come to follow it in the same shell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rewriter.knowledge import filetools
from rewriter.model import effects, leaks, paths
from rewriter.model.run import Run
from rewriter.syntax.script import Word

#: they do the same in each directory when what they name is absolute
_FILES: Final = frozenset("rm mkdir rmdir touch ln cp mv chmod chown chgrp".split())
#: the first operand is no path: a mode or an owner
_VALUE_FIRST: Final = frozenset("chmod chown chgrp".split())
#: what they are told are names, not paths
_NAMES: Final = frozenset(
    "apt-get apt apk yum dnf echo true useradd groupadd adduser addgroup usermod ldconfig update-ca-certificates".split()
)


def matter(run: Run, later: Sequence[Run]) -> bool:
    """False where the RUN ends in the directory in which it began, or where it ends in one that stays and the ``later`` ones
    do the same in each directory."""
    moves = [command for command in run.commands if command.tool == "cd"]
    anywhere = all(map(_anywhere, later))
    if not anywhere and len(moves) == 1 and moves[0].words_text[3:4].isalnum():
        return True  # from a directory below, it takes a second cd to come back
    if not leaks.plain_list(run) or any(one.has("-P") for one in moves):
        return True  # with -P, where ".." leads is not in the names
    end = effects.of(run).end
    if end is None:
        return True
    if end != effects.base(run) and (
        not anywhere or end[:1] != "/" or any(_deletes(one, end) for one in (run, *later))
    ):
        return True
    return any(map(_asks, later))


def _asks(run: Run) -> bool:
    """True when the RUN asks where its shell is, or was before."""
    if not leaks.variables(run).isdisjoint(("PWD", "OLDPWD")):
        return True
    return any(
        c.tool in ("pushd", "popd", "dirs") or (c.tool == "cd" and "-" in (w.value for w in c.arguments))
        for c in run.commands
    )


def _anywhere(run: Run) -> bool:
    """True when all commands of the RUN are known to do the same in each directory."""
    for command in run.commands:
        operands = command.operands[1:] if command.tool in _VALUE_FIRST else command.operands
        if command.tool in _FILES:
            same = all(map(_absolute, operands))
        else:
            same = command.tool in _NAMES and not any(map(_may_be_relative, command.arguments))
        if not same or not all(_absolute(redirect.target) for redirect in command.simple.redirects):
            return False
    return True


def _absolute(word: Word) -> bool:
    text = word.value or word.raw
    return (text.startswith(("/", "~/")) or text == "~" or text.isdigit()) and "{" not in text


def _may_be_relative(word: Word) -> bool:
    """``./x.deb``, ``x.deb``, ``*``: a name that may be that of a file here."""
    text = word.value or word.raw
    return text.startswith(".") or text.endswith(filetools.PACKED) or (bool(word.pattern) and not text.startswith("/"))


def _deletes(run: Run, directory: str) -> bool:
    """True when the RUN may delete the directory; a pattern or a variable may mean anything where it stands."""
    return any(
        paths.inside(directory, _known(one))
        for effect in effects.of(run).each
        if effect.command.tool != "rm" or effect.command.has("-r", "-R", "--recursive")
        for one in effect.deletes
    )


def _known(path: str) -> str:
    """The directory of a path in front of its first pattern or variable; the path itself without one."""
    first = min((at for at in map(path.find, "*?[$") if at >= 0), default=-1)
    return path if first < 0 else path[:first].rpartition("/")[0] or "/"
