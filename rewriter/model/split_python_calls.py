"""Which files install compilers beside what pip installs. Loaded for every file that calls pip or Python."""

from __future__ import annotations

import posixpath

from rewriter.knowledge import languages
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.model.split_packages import words

_INSTALLERS = frozenset(("apt-get", "apt", "aptitude", "apk"))
_REMOVES = frozenset(("remove", "purge", "autoremove", "del"))


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
        module = given[1] if given[:1] == ["-m"] and len(given) > 1 else ""
        return (module == "pip" and "install" in given) or (given[:1] == ["setup.py"] and len(given) > 1)
    return tool == "easy_install" or (tool in ("pip", "pipenv", "poetry") and "install" in given)


def compilers(file: File, gone: bool) -> tuple[list[str], Run | None]:
    """The compilers that RUNs of what ships install, and the first such RUN. ``gone`` asks for those that their own RUN takes
    away again."""
    own = languages.names("python", "compilers")
    found: list[str] = []
    first: Run | None = None
    for run in (run for run in file.runs if run.stage.ships):
        calls = [one for one in run.commands if one.tool in _INSTALLERS]
        if any(one.subcommand in _REMOVES for one in calls) is not gone:
            continue
        names = [
            (name or "").partition("=")[0]
            for one in calls
            if one.subcommand in ("install", "add")
            for name in words(run, one)
        ]
        named = [name for name in names if name in own and name not in found]
        found += named
        first = first or (run if named else None)
    return found, first
