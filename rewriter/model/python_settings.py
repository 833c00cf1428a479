"""What tells Poetry, uv and Pipenv how to install, beside their command lines: variables, files, and tables of the project.

Sources: https://docs.astral.sh/uv/reference/settings/, https://docs.astral.sh/uv/reference/environment/,
https://python-poetry.org/docs/configuration/, https://pipenv.pypa.io/en/latest/configuration.html.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from rewriter import posixpath
from rewriter.knowledge import libraries
from rewriter.model.command import Command
from rewriter.model.toml_text import below, toml

if TYPE_CHECKING:
    from rewriter.model.needed_commands import Judge, Site
    from rewriter.model.python_packages import Installed

#: variables that tell them how to install, and change nothing in what that is
_SETTINGS: Final = frozenset(
    "UV_COMPILE_BYTECODE UV_LINK_MODE UV_CACHE_DIR UV_NO_CACHE UV_PROJECT_ENVIRONMENT UV_SYSTEM_PYTHON "
    "UV_PYTHON_DOWNLOADS UV_FROZEN UV_LOCKED UV_NO_DEV UV_NO_PROGRESS UV_HTTP_TIMEOUT UV_BREAK_SYSTEM_PACKAGES "
    "UV_TOOL_BIN_DIR UV_VERSION UV_NO_SYNC UV_OFFLINE POETRY_VIRTUALENVS_CREATE POETRY_VIRTUALENVS_IN_PROJECT "
    "POETRY_VIRTUALENVS_PATH POETRY_NO_INTERACTION POETRY_CACHE_DIR POETRY_HOME POETRY_VERSION POETRY_NO_ANSI "
    "POETRY_INSTALLER_PARALLEL POETRY_INSTALLER_MAX_WORKERS POETRY_REQUESTS_TIMEOUT PIPENV_VENV_IN_PROJECT "
    "PIPENV_NOSPIN PIPENV_HIDE_EMOJIS PIPENV_YES PIPENV_VERBOSITY PIPENV_IGNORE_VIRTUALENVS PIPENV_CUSTOM_VENV_NAME "
    "PIPENV_TIMEOUT PIPENV_COLORBLIND PIPENV_VERSION".split()
)
#: variables of pip that change nothing in what Pipenv installs with it
_OF_PIP: Final = frozenset(
    "PIP_NO_CACHE_DIR PIP_CACHE_DIR PIP_DISABLE_PIP_VERSION_CHECK PIP_DEFAULT_TIMEOUT PIP_ROOT_USER_ACTION".split()
)
#: tables and keys of a project that choose among what is locked, or are about something else
_TABLES: Final = {
    "uv": frozenset("dev-dependencies default-groups package required-version sources managed".split()),
    "poetry": frozenset(
        "name version description authors maintainers license readme homepage repository documentation keywords classifiers "
        "packages include exclude dependencies dev-dependencies group extras scripts plugins urls package-mode build".split()
    ),
}
#: settings of Poetry that change nothing in how a package is built
_CONFIG: Final = (
    "virtualenvs.",
    "cache-dir",
    "installer.parallel",
    "installer.max-workers",
    "warnings.",
    "solver.",
    "requests.",
)


class Place(NamedTuple):
    """Where an install stands: its folder, its RUN, and its line."""

    folder: str
    at: int
    line: int


def is_harmless(command: Command) -> bool:
    """True for a ``poetry config`` that changes nothing in how a package is built."""
    return bool(command.operands) and (command.operands[0].value or "").startswith(_CONFIG)


def variables(judge: Judge, tool: str, command: Command, site: Site) -> None:
    """Variables that tell the tool how to install."""
    names = {*site.run.state.environment, *(name for name, _ in command.environment)}
    prefix = f"{tool.upper()}_"
    prefixes = (prefix, "PIP_") if tool == "pipenv" else (prefix,)
    harmless = _SETTINGS | _OF_PIP
    other = sorted(name for name in names if name.startswith(prefixes) and name not in harmless)
    if other:
        judge.needs.ask(f"line {site.line}: {other[0]} tells {tool} how to install, which is not judged")


def files(pip: Installed, tool: str, place: Place, document: dict[str, object], locked: bool) -> None:
    """Files beside the project, and tables of it, that tell the tool how to install."""
    beside = pip.tree.text(posixpath.join(place.folder, f"{tool}.toml"), place.at)
    if beside is not None and (tool == "uv" or set(toml(beside) or {"?": 0}) - {"virtualenvs", "cache-dir"}):
        pip.needs.ask(f"{tool}.toml tells {tool} how to install, which is not judged")
    table = below(document, "tool", tool)
    odd = next((key for key in table if key not in _TABLES.get(tool, table)), "")
    if odd:
        pip.needs.ask(f"pyproject.toml tells {tool} how to install (tool.{tool}.{odd}), which is not judged")
    if not locked and "sources" in table:
        pip.needs.ask(f"pyproject.toml takes packages from elsewhere (tool.{tool}.sources)")


def python_of_uv(pip: Installed, place: Place, document: dict[str, object]) -> None:
    """uv fetches a Python of its own where that of the image is not one that the project takes."""
    pinned = (pip.tree.text(posixpath.join(place.folder, ".python-version"), place.at) or "").strip()
    if pinned and not pip.python:
        pip.needs.ask(f".python-version wants Python {pinned}, which uv fetches where the image has another")
    elif pinned and not f"{pinned}.".startswith(f"{pip.python}."):
        pip.needs.ask(f".python-version wants Python {pinned}, which uv fetches")
    requires = str(below(document, "project").get("requires-python", ""))
    floor = requires.removeprefix(">=").strip()
    if requires and not (requires.startswith(">=") and floor.replace(".", "").isdigit()):
        pip.needs.ask(f"line {place.line}: uv fetches another Python where that of the image is not {requires}")
    elif floor and pip.python and not libraries.at_least(pip.python, ".".join(floor.split(".")[:2])):
        pip.needs.ask(f"line {place.line}: uv fetches another Python, since the project wants {requires}")
