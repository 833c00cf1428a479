"""Where calls of make, cmake, configure and their like put what they build: what their options and variables say."""

from __future__ import annotations

from typing import Final, NamedTuple

from rewriter import posixpath
from rewriter.knowledge import languages
from rewriter.model import paths
from rewriter.model.command import Command
from rewriter.model.scope import State
from rewriter.model.split_folders import shared

#: where everything goes that is told nothing else. Source: GNU Coding Standards, 7.2.5; CMAKE_INSTALL_PREFIX in cmake's manual
DEFAULT: Final = "/usr/local"
#: variables of the image that a Makefile may ask for
_GIVEN: Final = frozenset("PREFIX prefix DESTDIR CMAKE_INSTALL_PREFIX".split())
#: a question to a program, which does nothing else
_ASKED: Final = frozenset(("--version", "-v", "-V", "version", "--help", "-dumpversion"))


class Told(NamedTuple):
    """What one call says. ``folders`` get what is installed, ``files`` are single ones, ``made`` are folders that are only
    made. ``why`` says what stands against it, or is ""."""

    folders: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    made: tuple[str, ...] = ()
    why: str = ""


def told(command: Command, state: State, cwd: str | None) -> Told:
    """What the options of a builder and the variables in front of it say."""
    folders: list[str] = []
    files: list[str] = []
    made: list[str] = []
    for name, value in _pairs(command, state):
        kind = _kind(name)
        if not kind or value == "":
            continue
        path = _absolute(value, cwd)
        if path is None:
            return Told(why=f"where {command.tool} installs is not known: {name} is {value or 'put together'}")
        folder = posixpath.dirname(path)
        if kind == "prefixes":
            folders.append(path)
        elif kind == "files":
            files.append(path)
        elif kind == "filled":
            folders.append(folder)
        elif not shared(folder):
            made.append(folder)
    mixed = next((one for one in folders if shared(one) and not paths.inside(one, DEFAULT)), "")
    if mixed:
        return Told(why=f"{command.tool} installs into {mixed}, among files of the base image's own")
    return Told(tuple(folders), tuple(files), tuple(made))


def installs(command: Command) -> bool:
    """True for a call that installs: ``make install``, ``cmake --install .``, ``ninja -C build install``."""
    words = [word.value or word.raw for word in command.arguments]
    if command.tool == "cmake" and "--install" in words:
        return True
    goals = [word for word in words if not word.startswith("-") and "=" not in word]
    return any(one in languages.names("c", "installs") or one.startswith(("install-", "install_")) for one in goals)


def builds(command: Command) -> bool:
    """True for a call of what builds that is more than a question after its version."""
    words = {word.value or word.raw for word in command.arguments}
    return not (words & _ASKED and len(words) == 1)


def asks(command: Command) -> bool:
    """True for a program that is asked for its version, and for a test of a project that runs in its folder."""
    words = [word.value or word.raw for word in command.arguments]
    name = command.simple.words[command.head].raw if command.simple.words else ""
    test = "test" in command.tool and name.startswith("./") and not command.tool.endswith((".sh", ".py"))
    return test or (len(words) == 1 and words[0] in _ASKED)


def of_the_sources(command: Command) -> bool:
    """True for a program that is called where it was built, by a relative path: no script, as far as its name tells."""
    name = command.simple.words[command.head].value or "" if command.simple.words else ""
    return "/" in name and not name.startswith(("/", "~")) and "." not in posixpath.basename(name)


def output(command: Command, state: State, cwd: str | None) -> str | None:
    """The program that a compiler writes, a.out where it is told nothing else; "" without one, None when it is not known."""
    words = list(command.arguments)
    for at, word in enumerate(words):
        if word.raw == "-o" and at + 1 < len(words):
            text = paths.symbolic(words[at + 1], state)
            return None if text is None else _absolute(text, cwd)
    linked = not any(word.raw in ("-c", "-S", "-E", "-M", "-MM") for word in words)
    return _absolute("a.out", cwd) if linked and cwd is not None else ""


def inputs(command: Command, state: State, cwd: str | None) -> list[str]:
    """The folders that options of a builder name as what they take in."""
    found = [_absolute(value, cwd) for name, value in _pairs(command, state) if name.startswith("--") and "/" in value]
    return [one for one in found if one is not None]


def _kind(name: str) -> str:
    for kind in ("prefixes", "files", "filled", "made"):
        if name in languages.names("c", kind):
            return kind
    return ""


def _pairs(command: Command, state: State) -> list[tuple[str, str]]:
    """Names and values: ``--prefix=/x``, ``--prefix /x``, ``-D CMAKE_INSTALL_PREFIX=/x``, ``PREFIX=/x make``."""
    found = [(name, value or "") for name, value in command.environment]
    found += [(name, value or "$") for name, value in state.environment.items() if name in _GIVEN]
    words = list(command.arguments)
    lead = ""
    for at, word in enumerate(words):
        text = word.value if word.value is not None else paths.symbolic(word, state)
        if word.raw == "-D":
            lead = "-D"
            continue
        name, equals, value = (lead + (text if text is not None else word.raw)).partition("=")
        lead = ""
        if text is None and equals:
            value = "$"  # it is put together when the command runs
        if equals:
            found.append((name, value.strip("'\"")))
        elif name.startswith("--") and _kind(name) and at + 1 < len(words):
            found.append((name, paths.symbolic(words[at + 1], state) or "$"))
    return found


def _absolute(value: str, cwd: str | None) -> str | None:
    if "$" in value or "`" in value:
        return None
    if value.startswith("/"):
        return posixpath.normpath(value)
    return (
        None if cwd is None or not cwd.startswith("/") or "$" in cwd else posixpath.normpath(posixpath.join(cwd, value))
    )
