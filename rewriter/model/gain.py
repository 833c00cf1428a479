"""What joining RUNs into one saves, as far as their words tell."""

from __future__ import annotations

from collections.abc import Sequence

from rewriter.model import apt
from rewriter.model.ownership import PACKAGES
from rewriter.model.run import Run

#: commands that take away or rewrite what an earlier RUN has stored
_SHRINKING = frozenset("rm rmdir unlink mv chown chmod chgrp strip truncate shred find".split())
_REMOVING = frozenset("autoremove purge remove del erase uninstall".split())
_CLEANING = frozenset("clean autoclean prune cache".split())
#: what an installer fills without naming it
_FILLED = ("/var/", "/usr/share/", "/usr/lib/", "/etc/", "/root/", "/tmp", "~/", "$HOME/")


def of_joining(runs: Sequence[Run]) -> str:
    """What is not stored when the RUNs are one, in one phrase; "" where nothing is seen."""
    for index, run in enumerate(runs):
        if index and _takes_back(run, runs[:index]):
            return "what a later part changes or deletes of an earlier one is not stored"
    if _installs_from_lists_of_another(runs):
        return "the lists of apt can be deleted in the layer that fetched them"
    return ""


def _takes_back(run: Run, earlier: Sequence[Run]) -> bool:
    """True when a command deletes or changes what one of the earlier parts installed or names."""
    for command in run.commands:
        before = [other for other in earlier if command.tool in other.tools]
        if command.subcommand in _REMOVING and before:
            return True
        if (
            command.subcommand in _CLEANING and command.tool not in apt.TOOLS
        ):  # apt of official images keeps no archives
            cleaned = (
                any(one.subcommand == command.subcommand for one in other.uses(command.tool)) for other in before
            )
            if not all(cleaned):
                return True
        for word in command.operands if command.tool in _SHRINKING else ():
            path = word.raw.strip("\"'")
            if any(_holds(other, path) for other in earlier):
                return True
    return False


def _holds(run: Run, path: str) -> bool:
    """True when the RUN names the path, or may fill it, and does not clear it itself."""
    directory = path.rstrip("/*")
    if directory.startswith("/") and run.removes(directory):
        return False
    name = directory.rpartition("/")[2]
    return not name.strip(".") or name in run.visible.text or (path.startswith(_FILLED) and bool(run.tools & PACKAGES))


def _installs_from_lists_of_another(runs: Sequence[Run]) -> bool:
    left = False
    for run in runs:
        fetch = apt.last_fetch(run)
        if left and fetch is None and apt.first_reader(run) is not None:
            return True
        if fetch is not None:
            left = not apt.clears(run, fetch.start)
    return False
