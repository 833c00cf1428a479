"""Where commands come from: a typed view of programs.toml."""

from __future__ import annotations

from functools import cache
from typing import Final

from rewriter.knowledge.tables import table
from rewriter.knowledge.unknown import Unknown

#: builtins of every shell, of which the catalogue has no rows. Source: POSIX.1-2017, 2.14 and 1.7; local: dash(1), busybox
_OF_POSIX: Final = frozenset(
    "[ : . break continue eval return set unset readonly times command getopts hash read type ulimit local alias".split()
)

#: where a shell looks for a command first, in images of the families that are read here
SEARCHED: Final = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
#: the same as official images have it in their environment
PATH: Final = ":".join(SEARCHED)


@cache
def _names(key: str) -> frozenset[str]:
    return frozenset(table("programs.toml", key)["commands"].split())


def builtin(command: str) -> bool:
    """True for what the shell does by itself."""
    return command in _names("builtin") or command in _OF_POSIX


def in_debian(command: str) -> bool:
    """True when the base image of Debian 12 has the command, and with it every slim variant."""
    return command in _names("debian")


def only_in_full(command: str) -> bool:
    """True when full variants have the command and slim ones do not."""
    return command in _names("full")


def in_alpine(command: str) -> bool:
    """True when the base image of Alpine has the command, most often as a busybox applet."""
    return command in _names("alpine")


def of_base(system: str) -> frozenset[str]:
    """The commands of the base image of "debian" or "alpine"."""
    return _names(system)


def package(command: str) -> str | Unknown:
    """The Debian package that brings the command."""
    return _by_command().get(command) or Unknown(f"which package brings {command}")


def of_package(name: str) -> frozenset[str] | Unknown:
    """Commands that a Debian package brings, as far as they are listed."""
    found = _packages().get(name)
    return Unknown(f"the package {name}") if found is None else found


@cache
def _packages() -> dict[str, frozenset[str]]:
    rows = (row.partition(":") for row in table("programs.toml", "packages")["rows"].split("\n"))
    return {name: frozenset(commands.split()) for name, _, commands in rows}


@cache
def _by_command() -> dict[str, str]:
    """The package by its command; one of the command's own name goes before the others."""
    found: dict[str, str] = {}
    for name, commands in _packages().items():
        for command in commands:
            if command not in found or command == name:
                found[command] = name
    return found
