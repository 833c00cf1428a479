"""The users and groups that a stage makes: their entries are copied, so that names and numbers stay the same.

Sources: useradd(8), adduser(8) of Debian 12, adduser of BusyBox 1.37.
"""

from __future__ import annotations

from typing import Final

from rewriter.model import paths
from rewriter.model.command import Command
from rewriter.model.scope import State

TOOLS: Final = frozenset("adduser addgroup useradd groupadd usermod groupmod".split())
#: where the names are
ENTRIES: Final = ("/etc/passwd", "/etc/group")
_HOME: Final = ("-h", "-d", "--home", "--home-dir")
_NONE: Final = ("-H", "-M", "--no-create-home")


class Users:
    """``names`` are the words of the commands that make users and groups; ``homes`` is True when one may lie in /home."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.homes = False

    def __bool__(self) -> bool:
        return bool(self.names)

    def add(self, command: Command, state: State) -> str:
        """What one command makes; why it is not known, or ""."""
        for word in command.arguments:
            if word.raw in ("''", '""'):
                continue
            name = word.value if word.value is not None else paths.symbolic(word, state)
            if name is None or "$" in name:
                return f"which user it makes is not known: {word.raw} is only known when it runs"
            self.names.add(name)
        makes = command.tool == "adduser" or (command.tool == "useradd" and command.has("-m", "--create-home"))
        if not makes or command.has(*_NONE):
            return "" if command.tool != "usermod" or not command.has("-m", "--move-home") else "it moves a home folder"
        home = command.option(*_HOME)
        path = home if isinstance(home, str) or home is None else paths.symbolic(home, state)
        if path is not None and not paths.inside(path, "/home") and path != "/nonexistent":
            return f"the home folder {path} is made with its user"
        self.homes = True
        return ""
