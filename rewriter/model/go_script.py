"""The author's script that an image starts with: which programs it starts, as far as every command of it is understood."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from rewriter.model.command import Command
from rewriter.model.split_start import OWN, commands_of

#: wrappers that are programs of their own
_FOREIGN: Final = frozenset("sudo gosu su-exec fakeroot eatmydata chronic setarch linux32 stdbuf ionice".split())
_VARIABLE: Final = re.compile(r"\$\{?(\w+)")
_SHEBANGS: Final = {
    "#!/bin/sh": "sh",
    "#!/usr/bin/env sh": "sh",
    "#!/bin/bash": "bash",
    "#!/usr/bin/env bash": "bash",
    "#!/bin/sh -e": "sh",
    "#!/bin/bash -e": "bash",
}


class Script(NamedTuple):
    """``calls`` are the programs that it starts, as written; ``shell`` is "sh" or "bash". ``rest`` is True when it starts
    what stands in CMD, ``moves`` when it may read or write files itself. ``folder`` is where it goes first, "" when it stays
    where it is. ``variables`` are the ones that it uses. ``dialect`` is the first word that shells called sh
    understand differently, or "". ``why`` says why it is not understood, or is ""."""

    calls: tuple[str, ...] = ()
    shell: str = "sh"
    rest: bool = False
    moves: bool = False
    folder: str = ""
    why: str = ""
    variables: frozenset[str] = frozenset()
    dialect: str = ""


def read(text: str) -> Script:
    """What a script does."""
    first, _, body = text.partition("\n")
    shell = _SHEBANGS.get(first.strip())
    commands = commands_of(body) if shell is not None and "\r" not in text else None
    if shell is None or commands is None:
        return Script(why="the script that it starts cannot be read")
    if "\\n" in body or "\\t" in body:
        return Script(why="the script that it starts relies on how its shell prints a backslash")
    found: list[str] = []
    rest = False
    moves = any(command.simple.redirects or command.tool == "cd" for command in commands)
    moves = moves or ">" in body.replace(">&", "")  # of a list of commands, or a loop
    moves = moves or "*" in body or "?" in body  # a pattern names files
    folders = [command for command in commands if command.tool == "cd"]
    folder = folders[0].arguments[0].value if folders and folders[0].arguments else ""
    plain = len(folders) < 2 and (not folders or (folders[0].place.certain and folders[0].place.own_shell))
    if folder is None or not plain or (folders and not folder.startswith("/")):
        return Script(why="the script that it starts goes where is not known")
    for command in commands:
        words = command.simple.words
        if not words or not command.simple.words[command.head :]:
            continue  # assignments alone
        foreign = next((word.value for word in command.wrappers if word.value in _FOREIGN), None)
        if foreign:
            return Script(why=f"the script that it starts calls {foreign}")
        word = words[command.head]
        if word.raw in ('"$@"', "$@"):
            rest = True
        elif word.value is None:
            return Script(why=f"what {word.raw} is in the script that it starts cannot be known")
        elif word.value not in OWN:
            found.append(word.value)
    names = frozenset(_VARIABLE.findall(body))
    return Script(
        tuple(dict.fromkeys(found)), shell, rest, moves, folder, variables=names, dialect=_dialect(body, commands)
    )


def _dialect(body: str, commands: list[Command]) -> str:
    """What busybox's sh takes, and Debian's takes otherwise or not at all. Source: dash(1), https://busybox.net, ash."""
    if "[[ " in body:
        return "[["
    for command in commands:
        first = command.arguments[0].raw if command.arguments else ""
        if command.tool in ("[", "test") and any(word.raw == "==" for word in command.arguments):
            return "=="
        if command.tool == "echo" and first.startswith("-") and first != "-n":
            return f"echo {first}"
    return ""
