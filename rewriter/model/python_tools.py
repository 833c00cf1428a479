"""Poetry, uv and Pipenv: what they install by their lock files, and what they start.

Sources: https://python-poetry.org/docs/cli/, https://docs.astral.sh/uv/reference/cli/, https://pipenv.pypa.io/en/latest/commands.html.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rewriter import posixpath
from rewriter.knowledge import libraries
from rewriter.model import python_lock, python_project, python_settings
from rewriter.model.command import Command, command_of
from rewriter.model.python_settings import Place
from rewriter.model.run import Run
from rewriter.model.toml_text import below, toml
from rewriter.model.walk import Place as Where
from rewriter.syntax.script import Simple, Word

if TYPE_CHECKING:
    from rewriter.model.needed_commands import Judge, Site
    from rewriter.model.python_packages import Installed

TOOLS: Final = frozenset(("poetry", "uv", "pipenv"))
_LOCKS: Final = {"poetry": "poetry.lock", "uv": "uv.lock", "pipenv": "Pipfile.lock"}
_PROJECTS: Final = {"poetry": "pyproject.toml", "uv": "pyproject.toml", "pipenv": "Pipfile"}
_INSTALLS: Final = {"poetry": ("install", "sync"), "uv": ("sync",), "pipenv": ("install", "sync")}
#: options of their installs that choose among what is locked, or change nothing in it
_HARMLESS: Final = frozenset(
    "--no-root --no-dev --only --without --with --no-interaction -n --no-ansi --no-cache --all-extras -E --extras --extra --sync "
    "--no-directory --compile --compile-bytecode -q --quiet -v -vv -vvv --verbose --only-root --all-groups --frozen --locked "
    "--no-install-project --no-editable --no-install-workspace --group --no-group --no-default-groups --only-group --inexact "
    "--no-progress --link-mode --system --deploy --ignore-pipfile --dev -d --clear --keep-outdated --no-sync --exact".split()
)


def judge(judge: Judge, command: Command, site: Site) -> None:
    """One call of one of them."""
    tool, name, line, needs = command.tool, command.subcommand, site.line, judge.needs
    if (
        command.has("--version", "-V")
        or (tool == "poetry" and name == "config" and python_settings.is_harmless(command))
        or name == "cache"
    ):
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
    python_settings.variables(judge, tool, command, site)
    odd = sorted(one for one in command.option_names if one not in _HARMLESS and (one[1:2] == "-" or len(one) == 2))
    values = {"main", "dev", "test", "docs", "lint", "copy", "symlink", "hardlink", "clone"}
    if odd or (tool == "pipenv" and any(word.value not in values for word in command.operands)):
        needs.ask(f"line {line}: {tool} {name} {odd[0] if odd else command.operands[0].raw} is not judged")
        return
    if command.cwd is None:
        needs.ask(f"line {line}: in which folder {tool} installs is not known")
        return
    install(judge.pip, tool, Place(command.cwd, site.run.index, line), command, site.run)


def _development(tool: str, command: Command, run: Run, document: dict[str, object]) -> bool:
    """True where packages for development may be installed too."""
    if tool == "pipenv":
        return command.has("--dev", "-d")
    if command.has("--with", "--group", "--only-group", "--all-groups"):
        return True
    words = " ".join(word.value or word.raw for word in command.arguments).replace("=", " ").split()
    if tool == "uv":
        off = run.state.environment.get("UV_NO_DEV") in ("1", "true")
        return not (off or command.has("--no-dev", "--no-default-groups"))
    if "--only" in words:
        return words[words.index("--only") + 1 :][:1] != ["main"]
    left_out = {one for at, word in enumerate(words) if word == "--without" for one in words[at + 1 :][:1]}
    out = {one for each in left_out for one in each.split(",")} | ({"dev"} if "--no-dev" in words else set())
    poetry = below(document, "tool", "poetry")
    groups = {*below(poetry, "group"), *below(document, "dependency-groups")}
    groups |= {"dev"} if "dev-dependencies" in poetry else set()
    return not groups <= out


def install(pip: Installed, tool: str, place: Place, command: Command, run: Run) -> None:
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
    development = _development(tool, command, run, document)
    python_settings.files(pip, tool, place, document, text is not None)
    project = None if tool == "pipenv" else pip.project(place.folder, (), place.at, place.line, None, text is None)
    if tool == "uv":
        python_settings.python_of_uv(pip, place, document)
    if text is None:
        if tool == "pipenv":
            needs.ask(f"line {place.line}: pipenv installs what {name} names, which is not seen in the context")
        elif development and _has_groups(document):
            needs.ask(f"{file} has groups for development, which only {name} tells")
        if pip.tree.unseen(posixpath.join(place.folder, name), place.at):
            needs.ask(f"{name} is not seen: it is too large, or no text")
        return
    lock = {"poetry": python_lock.poetry, "uv": python_lock.uv, "pipenv": python_lock.pipenv}[tool](text)
    if lock is None:
        needs.ask(f"{name} cannot be read")
        return
    stale = next((one for one in _roots(tool, project, document, False) if one not in lock.packages), "")
    if stale:
        needs.ask(f"{name} is not of this {file}: it has no {stale}")
    beginning = lock.roots
    if tool == "poetry" and not development and not command.has("-E", "--extras", "--all-extras"):
        beginning = _roots(tool, project, document, True)
    packages = python_lock.wanted(lock, beginning, development)
    known = [one for each in packages if libraries.known(each.name) for one in each.wants]
    brought = {each.name for each in python_lock.wanted(lock, known, False)}
    for each in sorted(packages):
        pip.locked(each, name, each.name in brought)
    needs.fact(f"{name} names the releases that line {place.line} installs")


def _roots(
    tool: str, project: python_project.Project | None, document: dict[str, object], conditional: bool
) -> tuple[str, ...]:
    """The names of what the project itself wants; ``conditional``: also of what only some systems or Pythons get."""
    if tool == "pipenv" or project is None:
        return tuple(map(libraries.normal, below(document, "packages")))
    wanted = [one for one in project.requirements if conditional or ";" not in one]
    return tuple(dict.fromkeys(libraries.normal(python_project.name_of(one)) for one in wanted))


def _has_groups(document: dict[str, object]) -> bool:
    """True for a project with packages for development beside its own."""
    poetry, uv = below(document, "tool", "poetry"), below(document, "tool", "uv")
    return any(
        table.get(key)
        for table, key in (
            (poetry, "group"),
            (poetry, "dev-dependencies"),
            (uv, "dev-dependencies"),
            (document, "dependency-groups"),
        )
    )


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
    python_settings.variables(judge, "uv", command, site)
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
