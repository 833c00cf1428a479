"""Users and groups as busybox makes them, for a call of useradd, groupadd or usermod.

The rows were run on BusyBox 1.37 (the catalogue's busybox.toml): ``adduser`` makes the home unless ``-H`` is given and asks for
a password unless ``-D`` is; a user of the system gets the group nogroup where none is named. Numbers that nobody names differ:
Debian counts those of the system down from 999, Alpine up from 100.
"""

from __future__ import annotations

from rewriter.model.command import Command

USERS = frozenset(("useradd", "groupadd", "usermod"))
#: options of useradd: what they are called here, and those that take a value
_NAMES = {
    "--create-home": "-m", "--no-create-home": "-M", "--system": "-r", "--uid": "-u", "--gid": "-g", "--home-dir": "-d",
    "--home": "-d", "--shell": "-s", "--comment": "-c", "--groups": "-G", "--user-group": "-U", "--no-log-init": "-l",
    "--non-unique": "-o",
}  # fmt: skip
_VALUES = frozenset("ugdscG")
_FLAGS = frozenset("mMrUlN")


def adduser(command: Command) -> str | None:
    """The commands of busybox that do the same, or None where that is not known."""
    if command.tool == "usermod":
        words = [word.value for word in command.arguments]
        if len(words) == 3 and words[0] in ("-aG", "-a -G") and words[1] and words[2] and "," not in words[1]:
            return f"addgroup {words[2]} {words[1]}"
        return None
    parsed = _parsed(command)
    if parsed is None:
        return None
    options, name = parsed
    if command.tool == "groupadd":
        if not options.keys() <= {"g", "r"}:
            return None
        number = f" -g {options['g']}" if "g" in options else ""
        return f"addgroup{' -S' if 'r' in options else ''}{number} {name}"
    return _user(options, name)


def _user(options: dict[str, str], name: str) -> str | None:
    if "o" in options or "N" in options or "," in options.get("G", ""):
        return None
    system, made = "r" in options, "m" in options
    words = ["adduser", "-D"]
    words += ["-S"] if system else []
    words += [] if made else ["-H"]
    for letter, option in (("u", "-u"), ("d", "-h"), ("c", "-g")):
        if letter in options:
            words += [option, _quoted(options[letter])]
    words += ["-s", options.get("s", "/bin/sh")]
    group, first = options.get("g", ""), ""
    if group.isdigit() and group != "0":
        return None  # busybox takes the group by its name
    if not group and system:
        group, first = name, f"addgroup -S {name} && "
    words += ["-G", group] if group else []
    more = f" && addgroup {name} {options['G']}" if "G" in options else ""
    return f"{first}{' '.join(words)} {name}{more}"


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


def _quoted(text: str) -> str:
    return (
        text
        if text and text.replace("/", "").replace("-", "").replace("_", "").isalnum()
        else "'" + text.replace("'", "'\\''") + "'"
    )
