"""With whose rights a command runs, and how what cleans up after it gets the same ones. Source: sudo(8), sudoers(5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rewriter import posixpath
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.model.style import Refusal

_OTHER_USER: Final = ("-u", "--user", "-g", "--group")
_ASKS: Final = ("-S", "--stdin", "-A", "--askpass")
#: package managers and what they do only for root
_MANAGERS: Final = frozenset("apt-get apt aptitude yum dnf microdnf zypper apk".split())
_CHANGES: Final = frozenset("update install upgrade dist-upgrade remove purge add del".split())


def around(command: Command) -> Iterator[Command]:
    """The command, then the ``sh -c "..."`` in which it stands, and the one around that."""
    one: Command | None = command
    while one is not None:
        yield one
        one = one.outer


def with_sudo(command: Command) -> bool:
    """True when the command, or a quoted script around it, was run with sudo."""
    return any(_sudo(one) for one in around(command))


def sudo(run: Run, *commands: Command) -> str | Refusal:
    """``"sudo "`` when one of the commands was run with sudo, so that what cleans up after them may do so too; "" when none
    was. A Refusal where a second call of sudo may fail although this one does not."""
    raised = [one for command in commands for one in around(command) if _sudo(one)]
    if not raised:
        return ""
    if any(word.raw in _ASKS or _cluster(word.raw, "S") for one in raised for word in one.wrappers):
        return Refusal("sudo is given its password here, and would ask for it again")
    if _restricted(run.file):
        return Refusal("sudoers allows only some commands without a password, and deleting may not be one of them")
    return "sudo "


def for_deleting(run: Run, *commands: Command) -> str | Refusal:
    """As :func:`sudo`, for deleting files by their path: "" where the RUN is root's, who needs no sudo for that."""
    raised = sudo(run, *commands)
    return "" if raised != "" and seen_as_root(run) else raised


def seen_as_root(run: Run) -> bool:
    """True when the user is root by name, or a package manager works for the same user without sudo up to this RUN."""
    if run.state.user is not None and run.state.root:
        return True
    return any(
        command.tool in _MANAGERS
        and command.subcommand in _CHANGES
        and command.place.certain
        and not with_sudo(command)
        for other in run.file.runs
        if other.stage is run.stage and other.index <= run.index and other.state.user == run.state.user
        for command in other.commands
    )


def asked_before(run: Run) -> bool:
    """True when a RUN of the stage up to this one calls sudo to become root, while the same user is in force."""
    return any(
        _sudo(command) and not any(word.raw in _OTHER_USER for word in command.wrappers)
        for other in run.file.runs
        if other.stage is run.stage and other.index <= run.index and other.state.user == run.state.user
        for command in other.commands
    )


def user_of(run: Run) -> str:
    """The user of a RUN that is not root's, for sentences."""
    return f"{run.state.user}" if run.state.user else "a user that is not root"


def _sudo(command: Command) -> bool:
    return any(posixpath.basename(word.raw) == "sudo" for word in command.wrappers)


def _cluster(text: str, letter: str) -> bool:
    return text[:1] == "-" and text[:2] != "--" and letter in text


def _restricted(file: File) -> bool:
    """True when the file writes a sudoers rule for some commands, and none for all."""
    rules = [part.lstrip(": \t").removeprefix("SETENV:").lstrip() for part in file.source.split("NOPASSWD")[1:]]
    return bool(rules) and not any(rule.startswith("ALL") for rule in rules)
