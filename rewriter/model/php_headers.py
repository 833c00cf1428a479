"""The headers that a RUN installs to compile extensions of PHP, and who may want them later.

Sources: github.com/docker-library/php (the image keeps gcc, make and their like on Debian; on Alpine its scripts bring and take
them); apt-mark(8), apt-get(8); config.m4 of each extension.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from rewriter import posixpath
from rewriter.knowledge import images, languages, programs, tools
from rewriter.model import apt, container_start, split_start, uses
from rewriter.model.bases import version_of
from rewriter.model.command import Command
from rewriter.model.context_tree import Tree
from rewriter.model.file import File, Step
from rewriter.model.from_image import text as image_text
from rewriter.model.run import Run
from rewriter.model.scope import POSIX_SHELLS
from rewriter.rule import Ask

_REMOVES: Final = ("remove", "purge", "autoremove", "autopurge")
#: where programs of packages lie, those of Composer's among them: no script of the author's
_SYSTEM: Final = frozenset((*programs.SEARCHED, "/etc/init.d", "vendor/bin", "bin"))
_SCRIPTS: Final = (".sh", ".bash")
_SHELLS: Final = POSIX_SHELLS | {"source", "."}


class Want(NamedTuple):
    """What may want headers once their RUN has ended: ``why`` is a fact against taking them away, ``questions`` are open."""

    why: str
    questions: tuple[str, ...] = ()


def compiles(command: Command) -> bool:
    """True for a command that compiles extensions."""
    if command.tool == "pecl":
        return command.subcommand in ("install", "upgrade", "build")
    return command.tool == "docker-php-ext-install" or command.tool.startswith("phpize")  # Debian: phpize7.4


def headers(run: Run) -> list[str]:
    """The packages of headers that apt installs in this RUN and leaves: their names hold lib, or begin with php, and end in
    -dev. One that is installed under a condition counts: where it is not there, nothing goes."""
    calls = [one for one in run.uses(*apt.TOOLS) if one.subcommand == "install"]
    named = [_plain(name) for one in calls for name in apt.packages(run, one)]
    named = [name for name in named if name.endswith("-dev") and _serves(name)]
    if not named or "apt-mark" in run.visible.text:  # the RUN tells apt by itself what is wanted
        return []
    gone = [
        _plain(name)
        for one in run.uses(*apt.TOOLS)
        if one.subcommand in _REMOVES
        for name in (*apt.packages(run, one), *apt.asked_for(one))
    ]
    return [name for name in dict.fromkeys(named) if name not in gone]


def removes_unknown(run: Run) -> str:
    """The word that names what the RUN takes away by itself, where that is not known; else ""."""
    calls = (one for one in run.uses(*apt.TOOLS) if one.subcommand in _REMOVES)
    return next((name for one in calls for name in apt.packages(run, one) if "$" in name or "*" in name), "")


def _plain(name: str) -> str:
    return name.partition(":")[0].partition("=")[0].partition("/")[0].removesuffix("-")


def _serves(name: str) -> bool:
    own = languages.listed("php", "compiler")
    return name.startswith("php") or ("lib" in name and not name.startswith(own))


def of_distribution(named: list[str]) -> bool:
    """True where PHP itself is a package of Debian or Ubuntu, which brings the compiler with its headers."""
    return any(name.startswith("php") for name in named)


def image_of(file: File, run: Run) -> tuple[str, str]:
    """Repository and tag of the image below the RUN's stage."""
    written = run.stage.lineage[-1].image
    return images.named(image_text(file, run.stage.lineage[-1]) if "$" in written else written)


def wanted(file: File, run: Run, ask: Ask, *, alpine: bool = False) -> Want:
    """Who may want what the RUN installed: later RUNs, what the image starts, images that are built on it. On ``alpine`` that is
    the compiler too, which `docker-php-ext-install` brings by itself."""
    repository, tag = image_of(file, run)
    tree = Tree(file, file.stages[-1], ask)
    questions: list[str] = []
    copied = _copied(file, run)
    for other in file.later_runs(run):
        line = file.line(other.span.start)
        if other.script is None and other.form != "exec":
            return Want(f"line {line} cannot be read, and may compile with these headers")
        for command in other.commands:
            if command.tool in languages.names("php", "toolchain") and not (
                _needs_none(command, tag) and not (alpine and _calls_compiler(command))
            ):
                return Want(
                    f"line {line} calls {command.tool}, perhaps with these headers; what compiles belongs in one RUN"
                )
            why = _script(command, other.index, tree, copied, f"line {line}", questions)
            if why:
                return Want(why)
    started = uses.at_run_time(file, run, languages.names("php", "toolchain"))
    if started:
        return Want(f"{started}, which compiles when the image is used")
    why = _at_start(file, run, ask, tree, questions)
    if why:
        return Want(why)
    questions += _about(file, run, repository, tag)
    return Want("", tuple(dict.fromkeys(questions)))


def _calls_compiler(command: Command) -> bool:
    return command.tool == "pecl" and compiles(command)


def _needs_none(command: Command, tag: str) -> bool:
    """True for what compiles extensions without a header of a package."""
    if command.tool == "pecl" and not compiles(command):
        return True
    if command.tool not in ("docker-php-ext-install", "pecl"):
        return False
    operands = command.operands if command.tool == "pecl" else command.arguments
    words = [word.value or word.raw for word in operands]
    named = [word.partition("-")[0] for word in words if not word.startswith(("-", "$", '"$')) and not word.isdigit()]
    version = version_of(tag)
    bundled = {"mbstring"} if version is not None and version < (7, 4) else set()
    return bool(named) and set(named) <= languages.names("php", "alone") | bundled


def _script(command: Command, index: int, tree: Tree, copied: frozenset[str], where: str, questions: list[str]) -> str:
    """What a later command may compile: a question about package managers and scripts that are not seen, or why it does."""
    name = tools.canonical(command.tool)
    if name in languages.names("php", "modules"):
        if not command.has("-v", "--version", "-V"):
            questions.append(f"to confirm: what {name} installs on {where} is not compiled with these headers")
        return ""
    words = command.simple.words[command.head :]
    if name in _SHELLS and len(words) > 1:
        words = tuple(word for word in words[1:] if not word.raw.startswith("-"))[:1]
        if not words or command.has("-c"):
            return ""
    path = (words[0].value or "") if words else ""
    own = posixpath.basename(path) in copied or path.endswith(_SCRIPTS)
    if not own and (posixpath.dirname(path) in _SYSTEM or ("/" not in path and name not in _SHELLS)):
        return ""
    if own and "/" not in path and name not in _SHELLS:
        if programs.in_debian(path):
            return ""
        path = f"/usr/local/bin/{path}"
    return _content(path, command.cwd, index, tree, where, questions)


def _content(path: str, cwd: str | None, index: int, tree: Tree, where: str, questions: list[str]) -> str:
    full = path if path.startswith("/") else posixpath.join(cwd, path) if cwd else ""
    text = tree.text(posixpath.normpath(full), index) if full else None
    calls = split_start.commands_of(text) if text is not None else None
    if calls is None:
        questions.append(f"to confirm: {path or 'the script'}, which {where} runs and is not seen, compiles nothing")
        return ""
    called = next((one.tool for one in calls if one.tool in languages.names("php", "toolchain")), "")
    if called:
        return f"{path}, which {where} runs, calls {called}"
    return ""


def _at_start(file: File, run: Run, ask: Ask, tree: Tree, questions: list[str]) -> str:
    """The same of what the image starts."""
    copied = _copied(file, run)
    for step in uses.at_use(file, run.stage):
        if step.name == "ONBUILD":
            return f"line {file.line(step.span.start)} has a build that starts from the image run more"
        if step.name not in ("CMD", "ENTRYPOINT"):
            continue
        for word in _scripts(step, copied):
            where = f"line {file.line(step.span.start)}"
            path = word if "/" in word else f"/usr/local/bin/{word}"
            why = _content(path, step.state.workdir, step.index, tree, where, questions)
            if why:
                return why
    start = container_start.start_of(file, ask)
    if start is not None and start.command in uses.SHELLS:
        questions.append(f"to confirm: nobody compiles in a container, which starts {start.command}")
    return ""


def _copied(file: File, run: Run) -> frozenset[str]:
    """The names of files that the context brings, as far as COPY and ADD say them."""
    steps = [step for stage in uses.related(file, run.stage) for step in stage.steps if step.name in ("COPY", "ADD")]
    own = [step.instruction for step in steps if not any(flag.name == "from" for flag in step.instruction.flags)]
    words = [word for each in own for word in (each.args or each.body.text.split())]
    return frozenset(posixpath.basename(word) for word in words) - {"", "."}


def _scripts(step: Step, copied: frozenset[str]) -> list[str]:
    """The words of CMD or ENTRYPOINT that may be scripts: what is started by a path or was ``copied``, and what is named like
    one."""
    args = step.instruction.args
    words = list(args) if args is not None else step.instruction.body.text.replace('"', " ").split()
    starters = _SHELLS | languages.names("every", "inits") | {"exec"}
    first = next((word for word in words if posixpath.basename(word) not in starters and not word.startswith("-")), "")
    found = [word for word in words if word.endswith(_SCRIPTS) or "entrypoint" in posixpath.basename(word)]
    elsewhere = first.startswith(("./", "/")) and posixpath.dirname(first) not in _SYSTEM
    if posixpath.basename(first) in copied or (elsewhere and "." not in posixpath.basename(first)):
        found.append(first)
    return [word for word in dict.fromkeys(found) if posixpath.basename(word) != "docker-php-entrypoint"]


def _about(file: File, run: Run, repository: str, tag: str) -> list[str]:
    """What no instruction tells."""
    found: list[str] = []
    if repository not in languages.names("php", "images") | languages.names("php", "systems"):
        found.append(f"to confirm: nothing that {repository or 'the image'} brings compiles when a container starts")
    starts = any(step.name in ("CMD", "ENTRYPOINT") for step in uses.at_use(file, run.stage))
    if not starts and not any(one in tag for one in languages.names("php", "servers")):
        found.append(
            "to confirm: it starts nothing of its own, and nobody compiles in a container or an image built on it"
        )
    if any("ffi" in (word.value or "") for one in run.uses("docker-php-ext-install") for word in one.arguments):
        found.append(
            "to confirm: no program opens a library by FFI under its name without a version, which is a file of the headers"
        )
    state = file.stages[-1].steps[-1].state
    named = next((value for value in state.environment.values() if value and value.endswith(".so")), "")
    if named:
        found.append(f"to confirm: {named}, which a variable names, is no file of these headers")
    return found
