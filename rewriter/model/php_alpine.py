"""The packages that a RUN on Alpine compiles extensions of PHP with, and the libraries that stay in their place.

Sources: apk-add(8), apk-del(8); PHPIZE_DEPS in the Dockerfiles of github.com/docker-library/php.
"""

from __future__ import annotations

from typing import NamedTuple

from rewriter.knowledge import dev_packages, languages
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.package_managers import virtual
from rewriter.model.run import Run

#: bring g++, whose library extensions in C++ are linked to
_CPP = frozenset("g++ build-base $PHPIZE_DEPS ${PHPIZE_DEPS}".split())
_BOUNDS = "=<>~@"


class Built(NamedTuple):
    """``gone`` are the packages, and groups of them, that served the compiler, as they are written; ``kept`` those to be asked for
    by name, since they would go along; ``unknown`` those whose library is not known."""

    gone: list[str]
    kept: list[str]
    unknown: list[str]


def built_with(file: File, run: Run) -> Built | None:
    """What apk surely installs in this RUN to compile with; None where that is nothing, or goes again."""
    found = Built([], [], [])
    if any(one.subcommand == "del" for one in run.uses("apk")):
        return None
    for command in run.uses("apk"):
        if command.subcommand == "add" and command.place.certain and not _deleted(file, run, command):
            _sort(command, found)
    return found if found.gone else None


def _sort(command: Command, found: Built) -> None:
    group = virtual(command)
    named = [_name(word.value or word.raw.strip('"')) for word in command.operands]
    serving = [name for name in named if _serves(name)]
    if not serving:
        return
    for name in serving:
        libraries = dev_packages.libraries("alpine", name) or dev_packages.libraries("php-alpine", name)
        libraries = ("libstdc++",) if name in _CPP else libraries
        _add(found.kept, libraries)
        if name.endswith("-dev") and not libraries and name not in ("libc-dev", "musl-dev", "dpkg-dev"):
            _add(found.unknown, (name,))
    _add(found.gone, (group,) if group else serving)
    if group:
        _add(found.kept, [name for name in named if not _serves(name)])


def _add(names: list[str], more: list[str] | tuple[str, ...]) -> None:
    names.extend(name for name in more if name not in names)


def _name(text: str) -> str:
    at = next((at for at, letter in enumerate(text) if letter in _BOUNDS), len(text))
    return text[:at]


def _serves(name: str) -> bool:
    return name.endswith("-dev") or name in languages.names("php", "alpine")


def _deleted(file: File, run: Run, command: Command) -> bool:
    """True where a later RUN deletes the group: `apk-virtual-deleted-later` speaks of that."""
    group = virtual(command)
    return bool(group) and any(
        one.subcommand == "del" and any((word.value or "") == group for word in one.operands)
        for other in file.later_runs(run)
        for one in other.uses("apk")
    )
