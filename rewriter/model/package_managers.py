"""What the commands of package managers install and remove, by family: what one tool installed, another of its family removes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rewriter.model import apt
from rewriter.model.command import Command

FAMILY: Final = {"apt-get": "apt", "apt": "apt", "aptitude": "apt", "yum": "yum", "dnf": "yum", "microdnf": "yum",
          "tdnf": "yum", "apk": "apk", "zypper": "zypper"}  # fmt: skip
INSTALLS: Final = {"apt": {"install"}, "yum": {"install", "localinstall"}, "apk": {"add"}, "zypper": {"install", "in"}}
REMOVES: Final = {"apt": {"remove", "purge", "autoremove"}, "yum": {"remove", "erase", "autoremove"}, "apk": {"del"},
           "zypper": {"remove", "rm"}}  # fmt: skip


def does(command: Command, what: dict[str, set[str]]) -> bool:
    """True when the command is one of the family's subcommands in ``what``."""
    family = FAMILY.get(command.tool)
    return family is not None and command.subcommand in what[family]


def named(command: Command) -> Iterator[tuple[str, str]]:
    """The packages that the command names, each with its family."""
    return ((FAMILY[command.tool], name) for name in apt.asked_for(command))


def virtual(command: Command) -> str:
    """The name that ``apk add --virtual`` gives to a group of packages, or ""."""
    found = command.option("-t", "--virtual")
    return (found if isinstance(found, str) else found.value or "") if found is not None else ""
