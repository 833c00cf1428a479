"""Which files install compilers beside what pip installs. Loaded for every file that calls pip or Python."""

from __future__ import annotations

import re

from rewriter import posixpath
from rewriter.knowledge import languages
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.run import Run

_INSTALLERS = frozenset("apt-get apt aptitude apt-fast apk yum dnf microdnf zypper pacman".split())
_REMOVES = frozenset(("remove", "purge", "autoremove", "del", "erase"))
#: what names of the packages that compile have in them
_IN_NAMES = ("gcc", "g++", "clang", "gfortran", "build-", "-dev", "-sdk")
_PIP = re.compile(r"\bpip[\d.]*\s+install\b")
_WORD = re.compile(r"[a-z][a-z0-9.+-]*(?![\w.+-])")


def tool_of(command: Command) -> str:
    """The tool without the version in its name: ``pip`` for ``pip3.6``, also by a path whose beginning is a variable."""
    words_ = command.simple.words[command.head :]
    name = command.tool or (posixpath.basename(words_[0].raw.strip("\"'")) if words_ else "")
    name = name.rstrip("0123456789.").removesuffix("-")
    return {"pyvenv": "virtualenv", "python": "python", "pypy": "python"}.get(name, name)


def installing(command: Command) -> bool:
    """True for a call that installs packages of Python, which may have to be compiled."""
    tool, given = tool_of(command), [word.value or "" for word in command.arguments]
    if tool == "python":
        if given and posixpath.basename(given[0]).startswith(("pip", "easy_install")):
            return "install" in given or given[0].endswith("easy_install")
        module = given[1] if given[:1] == ["-m"] and len(given) > 1 else ""
        return (module == "pip" and "install" in given) or (given[:1] == ["setup.py"] and len(given) > 1)
    return tool == "easy_install" or (tool in ("pip", "pipenv", "poetry") and "install" in given)


def hidden(runs: list[Run]) -> Run | None:
    """The RUN in which another tool calls pip (``pyenv exec pip install``), if there is one."""
    return next((run for run in runs if _PIP.search(run.visible.text)), None)


def compiling(file: File) -> tuple[Run | None, Run | None]:
    """The first RUN of what ships that installs a compiler and leaves it, and the first that takes it away again."""
    first: Run | None = None
    gone: Run | None = None
    own = languages.names("python", "compilers")
    if not any(name in file.source for name in _IN_NAMES):  # as in most files
        return first, gone
    for run in file.runs:
        if run.tools.isdisjoint(_INSTALLERS) or not run.stage.ships:
            continue
        calls = [one for one in run.commands if one.tool in _INSTALLERS]
        if not any(one.subcommand in ("install", "add") or one.tool == "pacman" for one in calls):
            continue
        if own.isdisjoint(_WORD.findall(run.visible.text)):  # the whole text: a variable of the shell may hold them
            continue
        if any(one.subcommand in _REMOVES for one in calls):
            gone = gone or run
        else:
            first = first or run
    return first, gone
