"""Which commands install packages of Python. Loaded for every file that calls pip or Python."""

from __future__ import annotations

import re
from typing import Final

from rewriter import posixpath
from rewriter.model.command import Command
from rewriter.model.run import Run

_PIP: Final = re.compile(r"\bpip[\d.]*\s+install\b")


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
