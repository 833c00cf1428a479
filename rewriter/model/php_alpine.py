"""The packages that a RUN on Alpine compiles extensions of PHP with, and the libraries that stay in their place.

Sources: apk-add(8), apk-del(8); PHPIZE_DEPS in the Dockerfiles of github.com/docker-library/php.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from rewriter.knowledge import dev_packages, languages
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.package_managers import virtual
from rewriter.model.run import Run

#: bring g++, whose library extensions in C++ are linked to
_CPP: Final = frozenset("g++ build-base $PHPIZE_DEPS ${PHPIZE_DEPS}".split())
_BOUNDS: Final = "=<>~@"


class Built(NamedTuple):
    """``gone`` are the packages, and groups of them, that served the compiler, as they are written; ``kept`` those to be asked
    for by name, since they would go along; ``against`` are facts."""

    gone: list[str]
    kept: list[str]
    against: list[str]


def built_with(file: File, run: Run) -> Built | None:
    """What apk installs in this RUN to compile with, and leaves; None where that is nothing."""
    found = Built([], [], [])
    deleted = {word.value or word.raw for one in run.uses("apk") if one.subcommand == "del" for word in one.operands}
    for command in run.uses("apk"):
        if command.subcommand == "add" and virtual(command) not in deleted:
            _sort(file, run, command, deleted, found)
    return found if found.gone else None


def _sort(file: File, run: Run, command: Command, deleted: set[str], found: Built) -> None:
    group = virtual(command)
    named = [_name(word.value or word.raw.strip('"')) for word in command.operands]
    named = [name for name in named if name != group]
    serving = [name for name in named if _serves(name) and name not in deleted]
    if not any(map(_headers, serving)):
        return
    later = _deleted(file, run, group) if group else 0
    if later:
        found.against.append(f"line {later} deletes {group} in another layer, which takes nothing out")
    if not command.place.certain:
        found.against.append("they are installed under a condition, or may fail to be without notice")
    for name in serving:
        libraries = dev_packages.libraries("alpine", name) or dev_packages.libraries("php-alpine", name)
        libraries = ("libstdc++",) if name in _CPP else libraries
        _add(found.kept, libraries)
        if name.endswith("-dev") and not libraries and name not in ("libc-dev", "musl-dev", "dpkg-dev"):
            found.against.append(f"which package has the library of {name} alone is not known")
    _add(found.gone, (group,) if group else serving)
    if group:
        _add(found.kept, [name for name in named if not _serves(name)])


def _headers(name: str) -> bool:
    """True for packages that nobody wants but to compile; make, file and their like may be wanted."""
    return name.endswith("-dev") or name.startswith(".") or name in _CPP or name in ("gcc", "autoconf")


def _add(names: list[str], more: list[str] | tuple[str, ...]) -> None:
    names.extend(name for name in more if name not in names)


def _name(text: str) -> str:
    at = next((at for at, letter in enumerate(text) if letter in _BOUNDS), len(text))
    return text[:at]


def _serves(name: str) -> bool:
    return name.endswith("-dev") or name in languages.names("php", "alpine")


def _deleted(file: File, run: Run, group: str) -> int:
    """The line of a later RUN that deletes the group, or 0."""
    for other in file.later_runs(run):
        for one in other.uses("apk"):
            if one.subcommand == "del" and any((word.value or "") == group for word in one.operands):
                return file.line(other.span.start)
    return 0
