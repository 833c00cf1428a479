"""The state in force at an instruction: ENV, ARG, SHELL, USER, WORKDIR.

Two instructions of a stage with no such instruction between them hold the same State object, so ``is`` answers
"is anything different for a process started here?".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from rewriter import posixpath
from rewriter.model.environment import changed
from rewriter.syntax import words
from rewriter.syntax.nodes import Instruction

POSIX_SHELLS: Final = frozenset({"sh", "bash", "dash", "ash"})


#: characters (PATH_MAX): what is longer names no file, and ``ENV A=$A$A`` doubles it each time
_LONGEST: Final = 4096


_DEFAULT: Final[tuple[str, ...]] = ("/bin/sh", "-c")


class State(NamedTuple):
    """What a process started at this point would find.

    ``environment`` maps each variable set by ENV or ARG to its value, or to None when the value is not known (an ARG,
    or something built from one). Variables of the base image are not in it.
    ``shell`` is the SHELL in force. ``user`` and ``workdir`` are None while the base image decides them, and "" when set
    to something that is only known at build time.
    """

    environment: Mapping[str, str | None] = MappingProxyType({})
    shell: tuple[str, ...] = _DEFAULT
    user: str | None = None
    workdir: str | None = None

    @property
    def posix(self) -> bool:
        """True when the shell form is read by a POSIX shell: ``["/bin/bash", "-o", "pipefail", "-c"]`` and its like."""
        return self.shell is _DEFAULT or _posix(self.shell)

    @property
    def errexit(self) -> bool:
        """True when the shell itself is started with ``-e``."""
        options = self.shell[1:]
        return "errexit" in options or any(o[:1] == "-" and o[:2] != "--" and "e" in o for o in options)

    @property
    def startup_files(self) -> bool:
        """True when the shell reads start-up files, which an earlier RUN may have written."""
        options = self.shell[1:]
        own = any(o == "--login" or (o[:1] == "-" and o[:2] != "--" and not {"l", "i"}.isdisjoint(o)) for o in options)
        return own or ("BASH_ENV" in self.environment and posixpath.basename(self.shell[0]) == "bash")

    @property
    def root(self) -> bool:
        """True when the Dockerfile does not name another user."""
        return self.user is None or self.user.split(":")[0] in ("root", "0")

    @property
    def home(self) -> str | None:
        """The home directory of the user in force, when it is known."""
        home = self.environment.get("HOME")
        if home is not None:
            return home
        return "/root" if self.root and "HOME" not in self.environment else None

    def after(self, instruction: Instruction, escape: str) -> State:
        """The state for what follows ``instruction``: this very object when nothing changes."""
        change = _CHANGES.get(instruction.name)
        return self if change is None else change(self, instruction, escape)

    def expand(self, text: str, escape: str) -> str | None:
        """``text`` after Docker's expansion, or None when it depends on something that is not known here."""
        return words.expand(text, _Unset(self.environment), escape)


def _posix(shell: tuple[str, ...]) -> bool:
    if len(shell) < 2 or posixpath.basename(shell[0]) not in POSIX_SHELLS:
        return False
    last = shell[-1]
    return last.startswith("-") and not last.startswith("--") and last.endswith("c")


class _Unset(Mapping[str, "str | None"]):
    """An environment in which a variable that the Dockerfile does not set is unknown: the base image may set it."""

    __slots__ = ("_known",)

    def __init__(self, known: Mapping[str, str | None]) -> None:
        self._known = known

    def __getitem__(self, key: str) -> str | None:
        return self._known.get(key)

    def __contains__(self, key: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def _env(state: State, instruction: Instruction, escape: str) -> State:
    values: dict[str, str | None] = {}
    try:
        pairs = words.key_values(instruction.body.text, escape)
    except words.Malformed:
        return state  # BuildKit refuses this instruction
    for pair in pairs:
        value = state.expand(pair.value or "", escape)
        values[pair.key] = value if value is None or len(value) <= _LONGEST else None
    return state._replace(environment=changed(state.environment, values))


def _arg(state: State, instruction: Instruction, escape: str) -> State:
    names = [word.split("=")[0] for word in instruction.body.text.split()]
    values = {name: state.environment.get(name) for name in names}
    return state._replace(environment=changed(state.environment, values))


def _shell(state: State, instruction: Instruction, escape: str) -> State:
    return state._replace(shell=instruction.args or ())


def _user(state: State, instruction: Instruction, escape: str) -> State:
    return state._replace(user=state.expand(instruction.body.text.strip(), escape) or "")


def _workdir(state: State, instruction: Instruction, escape: str) -> State:
    path = state.expand(instruction.body.text.strip(), escape)
    if path is None or state.workdir == "":
        return state._replace(workdir=path if path and path.startswith("/") else "")
    if not path.startswith("/") and state.workdir is None:
        return state._replace(workdir="")
    return state._replace(workdir=posixpath.normpath(posixpath.join(state.workdir or "/", path)))


_CHANGES: Final = {"ENV": _env, "ARG": _arg, "SHELL": _shell, "USER": _user, "WORKDIR": _workdir}
CHANGING: Final = frozenset(_CHANGES)
