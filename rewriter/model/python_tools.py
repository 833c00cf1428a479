"""Poetry, uv and Pipenv: what they install by their lock files, and what they start.

Sources: https://python-poetry.org/docs/cli/, https://docs.astral.sh/uv/reference/cli/, https://pipenv.pypa.io/en/latest/commands.html.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, NamedTuple

from rewriter.knowledge import libraries
from rewriter.model import python_lock, python_project
from rewriter.model.command import Command, command_of
from rewriter.model.run import Run
from rewriter.model.toml_text import below, toml
from rewriter.model.walk import Place as Where
from rewriter.syntax.script import Simple, Word

if TYPE_CHECKING:
    from rewriter.model.needed_commands import Judge, Site
    from rewriter.model.python_packages import Installed

TOOLS = frozenset(("poetry", "uv", "pipenv"))
_LOCKS = {"poetry": "poetry.lock", "uv": "uv.lock", "pipenv": "Pipfile.lock"}
_PROJECTS = {"poetry": "pyproject.toml", "uv": "pyproject.toml", "pipenv": "Pipfile"}
_INSTALLS = {"poetry": ("install", "sync"), "uv": ("sync",), "pipenv": ("install", "sync")}
#: options of their installs that choose among what is locked, or change nothing in it
_HARMLESS = frozenset(
    "--no-root --no-dev --only --without --with --no-interaction -n --no-ansi --no-cache --all-extras -E --extras --extra --sync "
    "--no-directory --compile --compile-bytecode -q --quiet -v -vv -vvv --verbose --only-root --all-groups --frozen --locked "
    "--no-install-project --no-editable --no-install-workspace --group --no-group --no-default-groups --only-group --inexact "
    "--no-progress --link-mode --system --deploy --ignore-pipfile --dev -d --clear --keep-outdated --no-sync --exact".split()
)
#: what leaves packages for development out
_MAIN_ONLY = ("--no-dev", "--no-default-groups")
#: variables that tell them how to install, and change nothing in what that is
_SETTINGS = frozenset(
    "UV_COMPILE_BYTECODE UV_LINK_MODE UV_CACHE_DIR UV_NO_CACHE UV_PROJECT_ENVIRONMENT UV_SYSTEM_PYTHON "
    "UV_PYTHON_DOWNLOADS UV_FROZEN UV_LOCKED UV_NO_DEV UV_NO_PROGRESS UV_HTTP_TIMEOUT UV_BREAK_SYSTEM_PACKAGES "
    "UV_TOOL_BIN_DIR UV_VERSION UV_NO_SYNC UV_OFFLINE POETRY_VIRTUALENVS_CREATE POETRY_VIRTUALENVS_IN_PROJECT "
    "POETRY_VIRTUALENVS_PATH POETRY_NO_INTERACTION POETRY_CACHE_DIR POETRY_HOME POETRY_VERSION POETRY_NO_ANSI "
    "POETRY_INSTALLER_PARALLEL POETRY_INSTALLER_MAX_WORKERS POETRY_REQUESTS_TIMEOUT PIPENV_VENV_IN_PROJECT "
    "PIPENV_NOSPIN PIPENV_HIDE_EMOJIS PIPENV_YES PIPENV_VERBOSITY PIPENV_IGNORE_VIRTUALENVS PIPENV_CUSTOM_VENV_NAME "
    "PIPENV_TIMEOUT PIPENV_COLORBLIND PIPENV_VERSION".split()
)


class _Place(NamedTuple):
    """Where an install stands: its folder, its RUN, and its line."""

    folder: str
    at: int
    line: int


def judge(judge: Judge, command: Command, site: Site) -> None:
    """One call of one of them."""
    tool, name, line, needs = command.tool, command.subcommand, site.line, judge.needs
    if command.has("--version", "-V") or (tool == "poetry" and name == "config") or name == "cache":
        return
    if tool not in judge.pip.names and tool not in needs.installed:
        needs.ask(f"line {line} calls {tool}, which the file is not seen to install")
    if name == "run":
        _run(judge, command, site)
        return
    if tool == "uv" and name in ("venv", "pip"):
        _of_uv(judge, command, site)
        return
    if name not in _INSTALLS[tool]:
        needs.ask(f"line {line}: {tool} {name or '?'} is not judged")
        return
    _settings(judge, tool, command, site)
    odd = sorted(one for one in command.option_names if one not in _HARMLESS and (one[1:2] == "-" or len(one) == 2))
    values = {"main", "dev", "test", "docs", "lint", "copy", "symlink", "hardlink", "clone"}
    if odd or (tool == "pipenv" and any(word.value not in values for word in command.operands)):
        needs.ask(f"line {line}: {tool} {name} {odd[0] if odd else command.operands[0].raw} is not judged")
        return
    if command.cwd is None:
        needs.ask(f"line {line}: in which folder {tool} installs is not known")
        return
    development = not command.has(*_MAIN_ONLY) if tool != "pipenv" else command.has("--dev", "-d")
    text = command.words_text
    if tool == "poetry" and ("--only main" in text or "--only=main" in text or "--without" in text):
        development = False  # groups beside "main" are all left out here, and judged where one is asked for by name
    if command.has("--with", "--group", "--only-group", "--all-groups"):
        development = True
    if tool == "uv" and site.run.state.environment.get("UV_NO_DEV", ""):
        development = False
    install(judge.pip, tool, _Place(command.cwd, site.run.index, line), command, site.run, development)


def install(pip: Installed, tool: str, place: _Place, command: Command, run: Run, development: bool) -> None:
    """What the lock file beside the project names, else what the project does."""
    needs, name = pip.needs, _LOCKS[tool]
    text = pip.tree.text(posixpath.join(place.folder, name), place.at)
    file = _PROJECTS[tool]
    manifest = pip.tree.text(posixpath.join(place.folder, file), place.at)
    if manifest is None:
        needs.ask(f"line {place.line}: {tool} installs what {file} names, which is not seen in the context")
        return
    document = toml(manifest)
    if document is None:
        needs.ask(f"{file} cannot be read as TOML")
        return
    project = (
        None if tool == "pipenv" else pip.project(place.folder, (), place.at, place.line, dependencies=text is None)
    )
    if tool == "uv" and not command.has("--no-install-project"):
        _python_of_uv(pip, place, document)
    if text is None:
        if tool == "pipenv":
            needs.ask(f"line {place.line}: pipenv installs what {name} names, which is not seen in the context")
        elif pip.tree.unseen(posixpath.join(place.folder, name), place.at):
            needs.ask(f"{name} is not seen: it is too large, or no text")
        return
    lock = {"poetry": python_lock.poetry, "uv": python_lock.uv, "pipenv": python_lock.pipenv}[tool](text)
    if lock is None:
        needs.ask(f"{name} cannot be read")
        return
    roots = _roots(tool, project, document)
    stale = next((one for one in roots if one not in lock.packages), "")
    if stale:
        needs.ask(f"{name} is not of this {file}: it has no {stale}")
    beginning = lock.roots if tool == "uv" else roots if tool == "poetry" and not development else None
    packages = python_lock.wanted(lock, beginning, development)
    known = [one for each in packages if libraries.known(each.name) for one in each.wants]
    brought = {each.name for each in python_lock.wanted(lock, known, False)}
    for each in sorted(packages):
        pip.locked(each, name, each.name in brought)
    needs.fact(f"{name} names the releases that line {place.line} installs")


def _roots(tool: str, project: python_project.Project | None, document: dict[str, object]) -> tuple[str, ...]:
    """The names of what the project itself wants."""
    if tool == "pipenv" or project is None:
        return tuple(map(libraries.normal, below(document, "packages")))
    return tuple(
        dict.fromkeys(libraries.normal(python_project.name_of(one)) for one in project.requirements if ";" not in one)
    )


def _settings(judge: Judge, tool: str, command: Command, site: Site) -> None:
    """Variables that tell the tool how to install."""
    names = {*site.run.state.environment, *(name for name, _ in command.environment)}
    prefix = f"{tool.upper()}_"
    other = sorted(name for name in names if name.startswith(prefix) and name not in _SETTINGS)
    if other:
        judge.needs.ask(f"line {site.line}: {other[0]} tells {tool} how to install, which is not judged")


def _python_of_uv(pip: Installed, place: _Place, document: dict[str, object]) -> None:
    """uv fetches a Python of its own where that of the image is not one that the project takes."""
    pinned = (pip.tree.text(posixpath.join(place.folder, ".python-version"), place.at) or "").strip()
    if pinned and pip.python and not f"{pinned}.".startswith(f"{pip.python}."):
        pip.needs.ask(f".python-version wants Python {pinned}, which uv fetches")
    requires = str(below(document, "project").get("requires-python", ""))
    floor = requires.removeprefix(">=").strip()
    if requires and not (requires.startswith(">=") and floor.replace(".", "").isdigit()):
        pip.needs.ask(f"line {place.line}: uv fetches another Python where that of the image is not {requires}")
    elif floor and pip.python and not libraries.at_least(pip.python, ".".join(floor.split(".")[:2])):
        pip.needs.ask(f"line {place.line}: uv fetches another Python, since the project wants {requires}")


def _of_uv(judge: Judge, command: Command, site: Site) -> None:
    """``uv venv`` makes a folder; ``uv pip install`` is judged as one of pip."""
    words = [
        word for word in command.arguments if (word.value or "") not in ("--system", "--no-cache", "--quiet", "-q")
    ]
    if command.subcommand == "venv":
        if command.has("--python", "-p"):
            judge.needs.ask(f"line {site.line}: which Python uv takes is not known")
        return
    given = tuple(word.value for word in words if word.value is not None)
    if len(given) != len(words) or given[:2] != ("pip", "install"):
        judge.needs.ask(f"line {site.line}: uv {' '.join(given[:2])} is not judged")
        return
    _settings(judge, "uv", command, site)
    made = Simple(0, 0, (), tuple(Word(0, 0, word, word) for word in given), ())
    judge.pip.judge(command_of(made, Where(own_shell=False), command.cwd, False), site.run)


def _run(judge: Judge, command: Command, site: Site) -> None:
    """``poetry run gunicorn app:app``: what is started, in the environment that was installed."""
    words = [word.value for word in command.arguments[1:]]
    while words and words[0] in ("--no-sync", "--frozen", "--no-dev", "--locked", "--no-project", "--"):
        words.pop(0)
    if not words or words[0] is None or words[0].startswith("-") or None in words:
        judge.needs.ask(f"line {site.line}: what {command.tool} runs is not known")
        return
    if command.tool == "pipenv":
        manifest = toml(judge.tree.text(posixpath.join(command.cwd or "", "Pipfile"), site.index))
        if words[0] in below(manifest, "scripts"):
            judge.needs.ask(f"line {site.line}: {words[0]} is a script of Pipfile, which is not followed")
            return
    given = tuple(word for word in words if word is not None)
    if command.tool == "uv" and given[0].endswith(".py"):
        given = ("python", *given)
    judge.program(given, site, command.cwd)
