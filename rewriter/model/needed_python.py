"""What a call of python, or of a server for Python, needs of the base image: the program is followed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from rewriter import posixpath
from rewriter.knowledge import libraries
from rewriter.model.command import Command
from rewriter.model.python_program import PythonProgram
from rewriter.syntax.script import Word

if TYPE_CHECKING:
    from rewriter.model.needed_commands import Judge, Site

#: options of python without a value that change nothing in what runs
_PLAIN: Final = ("-u", "-B", "-OO", "-O", "-E", "-s", "-I", "-uB", "-Bu")
#: options of the servers that load what they name
_LOADING: Final = ("-c", "--config", "-k", "--worker-class", "--pythonpath", "--app-dir", "--loop", "--http", "--chdir", "-e",
            "--env-file", "--paste", "--log-config", "--logger-class", "--env")  # fmt: skip


def python(judge: Judge, command: Command, site: Site) -> None:
    """``python script.py``, ``python -m module``, ``python -c code``."""
    needs, line = judge.needs, site.line
    if judge.language != "python":
        if command.tool not in needs.installed:
            needs.block(f"line {line} calls {command.tool}, which only the full variant has")
        else:
            needs.ask(f"line {line} runs a program in {command.tool}, which is not followed")
        return
    if judge.pip.another(command.tool):
        needs.block(
            f"line {line} calls {command.tool}, which is not the image's own Python, but one of the full variant"
        )
        return
    if "PYTHONPATH" in site.run.state.environment or "PYTHONHOME" in site.run.state.environment:
        needs.ask("PYTHONPATH says where modules are looked for, which is not followed")
    arguments = list(command.arguments)
    while arguments and arguments[0].value in _PLAIN:
        arguments.pop(0)
    first = arguments[0].value if arguments else None
    program = _follow(judge, site)
    if first in ("--version", "-V"):
        return
    if first == "-m" and len(arguments) > 1 and arguments[1].value:
        _module(judge, arguments[1].value, arguments[2:], command, site)
    elif first == "-c" and len(arguments) > 1 and arguments[1].value is not None:
        program.code(arguments[1].value, command.cwd)
    elif first is None or first.startswith("-"):
        needs.ask(f"line {line}: what {command.tool} runs is not known")
    elif posixpath.basename(first) in ("setup.py", "manage.py"):
        needs.ask(f"line {line} runs {first}, which is not followed")
    elif not first.startswith("/") and command.cwd is None:
        needs.ask(f"line {line}: in which folder {first} is looked for is not known")
    else:
        program.script(posixpath.normpath(posixpath.join(command.cwd or "/", first)))
    _started(judge, program, site)


def application(judge: Judge, server: str, words: list[Word], command: Command, site: Site) -> None:
    """``gunicorn app:create()``, ``uvicorn app.main:app``, ``flask run``: the module that the server loads."""
    needs, line = judge.needs, site.line
    if server not in judge.pip.names:
        needs.ask(f"line {line} calls {server}, which the file is not seen to install")
    values = [word.value for word in words]
    if any(v is None or v.startswith(_LOADING) for v in values):
        needs.ask(f"line {line}: an option of {server} names what is not followed")
        return
    if any(v in ("-u", "--user", "-g", "--group", "--uid", "--gid") for v in values):
        needs.not_alpine(f"line {line} names a user that Alpine may not have")
    if server == "flask" and "run" not in values:
        needs.ask(f"line {line}: what a command of flask loads is not followed")
    environment = site.run.state.environment
    if f"{server.upper()}_CMD_ARGS" in environment or any(name.startswith("UVICORN_") for name in environment):
        needs.ask(f"line {line}: variables name options of {server}, which are not followed")
        return
    program = _follow(judge, site)
    for name in _settings(judge, server, command, site):
        program.script(name)
    modules = [name for name in _flask(judge, values, command, site) if name] if server == "flask" else [
        next((v for v in values if v and ":" in v and not v.startswith("-") and not v[-1].isdigit()), "")
    ]  # fmt: skip
    modules = [module.removesuffix(".py").partition(":")[0] for module in modules if module]
    if not modules or any("/" in module for module in modules):
        needs.ask(f"line {line}: which module {server} loads is not known")
        return
    for module in modules:
        _started(judge, _module_of(judge, module, command.cwd, site), site)
    _started(judge, program, site)


def of_project(judge: Judge, command: Command, site: Site) -> None:
    """A command of a project that was installed: the module that it names, as it was then."""
    module, folder, copied = judge.pip.commands[command.tool]
    roots = [one for one in judge.pip.roots if one[0] in (folder, posixpath.join(folder, "src"))]
    root, index = _found(judge, module, roots) or (folder, copied)
    program = PythonProgram(judge.tree, judge.needs, index, site.line)
    program.module(module, root)
    _started(judge, program, site)


def _place(judge: Judge, module: str, cwd: str | None, site: Site) -> tuple[str | None, int | None]:
    """From where a module is imported: the working directory, or the folder of a project that was installed."""
    here = [] if cwd is None else [(cwd, site.index)]
    return _found(judge, module, [*here, *judge.pip.roots]) or (cwd, site.index)


def _found(judge: Judge, module: str, roots: list[tuple[str, int | None]]) -> tuple[str, int | None] | None:
    """The first of some folders that has the module."""
    path = module.partition(".")[0]
    for root, index in roots:
        for name in (f"{path}.py", f"{path}/__init__.py"):
            if judge.tree.text(posixpath.join(root, name), index) is not None:
                return root, index
    return None


def _module_of(judge: Judge, module: str, cwd: str | None, site: Site) -> PythonProgram:
    """The program that a module is, followed."""
    root, index = _place(judge, module, cwd, site)
    program = PythonProgram(judge.tree, judge.needs, index, site.line)
    program.module(module, root)
    return program


def _settings(judge: Judge, server: str, command: Command, site: Site) -> list[str]:
    """Files of settings that a server runs from its working directory."""
    if command.cwd is None:
        return []
    for name in (".flaskenv", ".env") if server == "flask" else ():
        if judge.tree.text(posixpath.join(command.cwd, name), site.index) is not None:
            judge.needs.ask(f"{name} says what flask loads, which is not followed")
    names = {"gunicorn": ("gunicorn.conf.py",)}.get(server, ())
    paths = [posixpath.join(command.cwd, name) for name in names]
    return [path for path in paths if judge.tree.text(path, site.index) is not None]


def _flask(judge: Judge, values: list[str | None], command: Command, site: Site) -> list[str]:
    """What flask loads: --app, FLASK_APP, else wsgi.py before app.py."""
    for at, value in enumerate(values):
        if value in ("--app", "-A"):
            return [values[at + 1] or ""] if at + 1 < len(values) else []
        if value is not None and value.startswith(("--app=", "-A")):
            return [value.removeprefix("--app=").removeprefix("-A")]
    environment = site.run.state.environment
    if "FLASK_APP" in environment:
        return [environment["FLASK_APP"] or ""]
    folder = command.cwd or ""
    found = [name for name in ("wsgi", "app") if judge.tree.text(f"{folder}/{name}.py", site.index) is not None]
    return found or ["app"]


def _module(judge: Judge, module: str, rest: list[Word], command: Command, site: Site) -> None:
    if module in ("gunicorn", "uvicorn", "flask"):
        application(judge, module, rest, command, site)
    elif module in ("venv", "compileall", "ensurepip", "json.tool", "site"):
        return
    elif module == "http.server":
        judge.missing("media-types", f"line {site.line} serves files, with types from /etc/mime.types", site)
    elif module.partition(".")[0] in sys.stdlib_module_names or libraries.modules().get(module.partition(".")[0]):
        judge.needs.ask(f"line {site.line} runs the module {module}, and what that runs is not followed")
    else:
        _started(judge, _module_of(judge, module, command.cwd, site), site)


def _follow(judge: Judge, site: Site) -> PythonProgram:
    return PythonProgram(judge.tree, judge.needs, site.index, site.line)


def _started(judge: Judge, program: PythonProgram, site: Site) -> None:
    """What the program starts is judged too. One that runs while building may write what is started later."""
    for words in sorted(program.programs):
        judge.program(words, site)
    if program.seen and not site.at_run_time:
        judge.needs.ask(f"line {site.line} runs a program while building, and what that writes is not seen")
