"""Users and groups as busybox makes them, for a call of useradd, groupadd or usermod.

The rows were run on BusyBox 1.37 (the catalogue's busybox.toml): ``adduser`` makes the home unless ``-H`` is given and asks for
a password unless ``-D`` is; a user of the system gets the group nogroup where none is named. Numbers that nobody names differ:
Debian counts those of the system down from 999, Alpine up from 100.
"""

from __future__ import annotations

import shlex
from collections.abc import Set as AbstractSet
from typing import Final

from rewriter.model.command import Command

USERS: Final = frozenset(("useradd", "groupadd", "usermod"))
#: options of useradd: what they are called here, and those that take a value
_NAMES: Final = {
    "--create-home": "-m", "--no-create-home": "-M", "--system": "-r", "--uid": "-u", "--gid": "-g", "--home-dir": "-d",
    "--home": "-d", "--shell": "-s", "--comment": "-c", "--groups": "-G", "--user-group": "-U", "--no-log-init": "-l",
    "--non-unique": "-o",
}  # fmt: skip
#: the groups of Alpine's base that Debian has too. Source: /etc/group of alpine-baselayout 3.7
_GROUPS: Final = frozenset(
    "root bin daemon sys adm tty disk lp mail news uucp audio cdrom dialout floppy tape video kvm input games shadow www-data "
    "users nogroup".split()
)
_VALUES: Final = frozenset("ugdscG")
_FLAGS: Final = frozenset("mMrUlN")


def adduser(command: Command, made: AbstractSet[str], homes: bool = False) -> str | None:
    """The commands of busybox that do the same, or None where that is not known. ``made`` are groups and users that the file
    made before. ``homes``: useradd makes a person's home without being asked, as CREATE_HOME in Red Hat's login.defs says."""
    if command.tool == "usermod":
        words = [word.value or "" for word in command.arguments]
        return _joins(words[2], words[1], made) if len(words) == 3 and words[0] == "-aG" and words[2] else None
    parsed = _parsed(command)
    if parsed is None:
        return None
    options, name = parsed
    if command.tool == "groupadd":
        if not options.keys() <= {"g", "r"}:
            return None
        number = f" -g {options['g']}" if "g" in options else ""
        return f"addgroup{' -S' if 'r' in options else ''}{number} {name}"
    if homes and not options.keys() & {"m", "M", "r"}:
        options["m"] = ""
    return _user(options, name, made)


def named(command: Command) -> str:
    """The user or group that a call makes; "" where that is not known."""
    parsed = None if command.tool == "usermod" else _parsed(command)
    return "" if parsed is None else parsed[1]


def renumbered(command: Command) -> str:
    """The user or group of the system that gets another number on Alpine, since the call names none; "" for no such one."""
    parsed = None if command.tool == "usermod" else _parsed(command)
    number = "u" if command.tool == "useradd" else "g"
    return parsed[1] if parsed is not None and "r" in parsed[0] and number not in parsed[0] else ""


def _joins(name: str, groups: str, made: AbstractSet[str]) -> str | None:
    """Further groups, one call for each."""
    wanted = groups.split(",")
    return " && ".join(f"addgroup {name} {group}" for group in wanted) if made | _GROUPS >= set(wanted) else None


def _user(options: dict[str, str], name: str, made: AbstractSet[str]) -> str | None:
    group, before = options.get("g", ""), ""
    more = _joins(name, options["G"], made) if "G" in options else ""
    if "o" in options or "N" in options or more is None or (group and group not in made | _GROUPS):
        return None
    words = ["adduser", "-D"]
    words += ["-S"] if "r" in options else []
    words += [] if "m" in options else ["-H"]
    for letter, option in (("u", "-u"), ("d", "-h"), ("c", "-g")):
        if letter in options:
            words += [option, shlex.quote(options[letter])]
    words += ["-s", options.get("s", "/bin/sh")]
    if not group and "r" in options:
        group, before = name, f"addgroup -S {name} && "
    words += ["-G", group] if group else []
    return f"{before}{' '.join(words)} {name}{f' && {more}' if more else ''}"


def _parsed(command: Command) -> tuple[dict[str, str], str] | None:
    """Options by their letter, and the name; None where a word is only known later, or means what is not known here."""
    options: dict[str, str] = {}
    names: list[str] = []
    takes = _VALUES if command.tool == "useradd" else frozenset("g")
    words = [word.value for word in command.arguments]
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        if word is None or word == "--":
            return None
        if not word.startswith("-"):
            names.append(word)
            continue
        long, equal, value = word.partition("=")
        cluster = _NAMES.get(long, long if not long.startswith("--") else "")[1:]
        for place, letter in enumerate(cluster):
            if letter in takes:
                rest = value if equal else cluster[place + 1 :] if not word.startswith("--") else ""
                if not rest:
                    if at >= len(words) or words[at] is None:
                        return None
                    rest, at = words[at] or "", at + 1
                options[letter] = rest
                break
            if letter not in _FLAGS:
                return None
            options[letter] = ""
        if not cluster:
            return None
    plain = len(names) == 1 and names[0].replace("-", "").replace("_", "").isalnum()
    return (options, names[0]) if plain else None
