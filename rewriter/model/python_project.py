"""What a project of Python says of itself: what it is built with, what it wants, which commands it has. Nothing is executed.

Sources: https://packaging.python.org/en/latest/specifications/pyproject-toml/; setuptools' user guide (setup.cfg, "dynamic
metadata"); https://python-poetry.org/docs/pyproject/; https://hatch.pypa.io/latest/config/build/.
"""

from __future__ import annotations

import configparser
from collections.abc import Callable
from typing import Any, Final

from rewriter.knowledge import libraries
from rewriter.model import python_setup
from rewriter.model.toml_text import below, texts, toml

#: tables of a pyproject.toml by which a project runs code of its own when it is built
_HOOKS: Final = (
    ("tool", "poetry", "build"),
    ("tool", "setuptools", "cmdclass"),
    ("tool", "pdm", "build"),
)
_SETUPTOOLS: Final = ("setuptools.build_meta", "setuptools.build_meta:__legacy__")


class Project:
    """One project. ``requirements`` are as PEP 508 writes them, ``files`` name requirement files; ``commands`` are its own,
    each with its module. ``compiles`` is why something is compiled, "" for nothing that is seen; ``questions`` are what is not
    known. ``document`` is the pyproject.toml, empty where there is none."""

    def __init__(self) -> None:
        self.name = ""
        self.requirements: list[str] = []
        self.files: list[str] = []
        self.commands: dict[str, str] = {}
        self.compiles = ""
        self.questions: list[str] = []
        self.document: dict[str, Any] = {}


def read(beside: Callable[[str], str | None], extras: tuple[str, ...] = ()) -> Project | None:
    """The project of a folder, whose files ``beside`` gives by name; None where no file says that it is one."""
    text, setup, config = beside("pyproject.toml"), beside("setup.py"), beside("setup.cfg")
    if text is None and setup is None and config is None:
        return None
    project = Project()
    document = toml(text)
    if text is not None and document is None:
        project.questions.append("pyproject.toml cannot be read as TOML")
        return project
    project.document = document or {}
    _builder(project, document or {})
    own = below(document, "project")
    _standard(project, own, extras)
    poetry = below(document, "tool", "poetry")
    if poetry:
        _poetry(project, own, poetry, extras)
    backend = below(document, "build-system").get("build-backend", _SETUPTOOLS[0])
    if backend in _SETUPTOOLS:
        _setuptools(project, document or {}, setup, config, extras)
    elif "dependencies" in texts(own.get("dynamic")) and not poetry:
        project.questions.append("pyproject.toml has dependencies that are only known when it is built")
    return project


def _builder(project: Project, document: dict[str, Any]) -> None:
    """What builds it: packages that pip fetches for that, and code of the project's own."""
    system = below(document, "build-system")
    for requirement in texts(system.get("requires")):
        name = libraries.normal(name_of(requirement))
        if libraries.builds_compiled(name):
            project.compiles = f"pyproject.toml is built with {name}, which compiles"
        elif libraries.asks_git(name):
            project.questions.append(f"pyproject.toml is built with {name}, which asks git for the version")
        elif not libraries.builder(name):
            project.questions.append(f"pyproject.toml is built with {name}, of which nothing is known")
    if "backend-path" in system:
        project.questions.append("pyproject.toml is built by code of its own (backend-path)")
    if below(document, "tool", "setuptools").get("ext-modules"):
        project.compiles = "pyproject.toml has ext-modules, which are compiled"
    hook = next((".".join(keys) for keys in _HOOKS if below(document, *keys)), "")
    script = below(document, "tool", "poetry").get("build")
    if not hook and _has_hooks(below(document, "tool", "hatch")):
        hook = "tool.hatch ... hooks"
    if hook or script:
        project.questions.append(
            f"pyproject.toml runs code of its own when it is built ({hook or 'tool.poetry.build'})"
        )


def _has_hooks(table: dict[str, Any]) -> bool:
    """True where a table named ``hooks`` is in one, at any depth: of the build, of one target, of metadata."""
    return any(isinstance(one, dict) and (key == "hooks" or _has_hooks(one)) for key, one in table.items())


def _standard(project: Project, own: dict[str, Any], extras: tuple[str, ...]) -> None:
    """The table ``[project]``."""
    project.name = libraries.normal(str(own.get("name", "")))
    project.requirements += texts(own.get("dependencies"))
    optional = below(own, "optional-dependencies")
    for extra in extras:
        if extra not in optional and below(own):
            project.questions.append(f"pyproject.toml has no extra named {extra}")
        project.requirements += texts(optional.get(extra))
    for key in ("scripts", "gui-scripts"):
        for command, place in below(own, key).items():
            project.commands[command] = str(place).partition(":")[0].strip()


def _poetry(project: Project, own: dict[str, Any], poetry: dict[str, Any], extras: tuple[str, ...]) -> None:
    """The tables of Poetry, beside or instead of ``[project]``."""
    project.name = project.name or libraries.normal(str(poetry.get("name", "")))
    for command, place in below(poetry, "scripts").items():
        project.commands.setdefault(command, str(place).partition(":")[0] if isinstance(place, str) else "")
    if texts(own.get("dependencies")):
        return
    chosen = {one for extra in extras for one in texts(below(poetry, "extras").get(extra))}
    for name, wanted in below(poetry, "dependencies").items():
        if name == "python" or (isinstance(wanted, dict) and wanted.get("optional") and name not in chosen):
            continue
        project.requirements.append(_of_poetry(name, wanted))


def _of_poetry(name: str, wanted: Any) -> str:
    """A dependency of Poetry as PEP 508 writes it; what comes from elsewhere has ``@``."""
    if isinstance(wanted, dict):
        source = next((f"{name} @ {wanted[key]}" for key in ("git", "url", "path") if key in wanted), "")
        extras = f"[{','.join(texts(wanted.get('extras')))}]" if wanted.get("extras") else ""
        return source or _of_poetry(name + extras, wanted.get("version", "?"))
    if not isinstance(wanted, str):
        return f"{name} @ ?"
    if wanted == "*":
        return name
    if wanted[:1].isdigit():
        return f"{name}=={wanted}"
    # a caret and a tilde are limits from above: which release they allow is not worked out here
    return f"{name}{wanted.replace('^', '~=').replace('~ ', '~=')}"


def _setuptools(
    project: Project, document: dict[str, Any], setup: str | None, config: str | None, extras: tuple[str, ...]
) -> None:
    """setup.cfg and setup.py, and the files that ``dynamic`` names."""
    dynamic = below(document, "tool", "setuptools", "dynamic")
    named = dynamic.get("dependencies")
    if "dependencies" in texts(below(document, "project").get("dynamic")):
        files = texts(named.get("file")) if isinstance(named, dict) else []
        project.files += files
        if not files and setup is None and config is None:
            project.questions.append("pyproject.toml has dependencies that are only known when it is built")
    if config is not None:
        _config(project, config, extras)
    if setup is not None:
        found = python_setup.read(setup, extras)
        project.requirements += found.requirements
        project.commands.update(found.commands)
        project.questions += found.questions
        project.compiles = project.compiles or found.compiles


def _config(project: Project, text: str, extras: tuple[str, ...]) -> None:
    """setup.cfg."""
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(text)
    except configparser.Error:
        project.questions.append("setup.cfg cannot be read")
        return
    wanted = [parser.get("options", "install_requires", fallback="")]
    wanted += [parser.get("options.extras_require", extra, fallback="") for extra in extras]
    for value in wanted:
        if value.strip().startswith("file:"):
            project.files += [name.strip() for name in value.strip().removeprefix("file:").split(",")]
        else:
            project.requirements += [row.strip() for row in value.splitlines() if row.strip()]
    odd = next((one for one in ("setup_requires", "cmdclass") if parser.get("options", one, fallback="").strip()), "")
    if odd:
        project.questions.append(f"setup.cfg has {odd}, which is not judged")
    for row in parser.get("options.entry_points", "console_scripts", fallback="").splitlines():
        command, sign, place = row.partition("=")
        if sign:
            project.commands[command.strip()] = place.strip().partition(":")[0]


def name_of(requirement: str) -> str:
    """The name in front of extras, versions and markers."""
    at = next((at for at, letter in enumerate(requirement) if not (letter.isalnum() or letter in "-_.")), None)
    return requirement[:at]
