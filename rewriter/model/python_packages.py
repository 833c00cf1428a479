"""What pip installs: whether it needs a compiler or anything of the system.

Sources: pip's documentation of requirement specifiers and requirements files; PEP 508.
"""

from __future__ import annotations

import re
from typing import Final

from rewriter import posixpath
from rewriter.knowledge import libraries, musl
from rewriter.model import apt, python_markers, python_project, wheel_files
from rewriter.model.command import Command
from rewriter.model.context_tree import Tree
from rewriter.model.needs import Compiled, Needs
from rewriter.model.python_lock import Locked
from rewriter.model.run import Run

_REQUIREMENT: Final = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)\s*(\[[^\]]*\])?\s*\(?\s*([^;#()]*?)\s*\)?\s*(;.*)?$")
#: ``.[db]`` without quotes: a pattern for the shell too, of a file that nobody has
_EXTRAS: Final = re.compile(r"[\w./-]*\[[A-Za-z0-9_,-]+\]")
_EXACT: Final = re.compile(r"===?\s*(\d+(?:\.\d+)*(?:\.?post\d+)?)$")
#: a limit from below, or from above only by a later major: the newest release that fits may be taken
_OPEN: Final = re.compile(r"(?:>=?\s*[\d.]+|!=\s*[\d.]+)(?:\s*,\s*(?:>=?|!=)\s*[\d.]+)*$")
#: options of pip install that change nothing in what is installed, or only which of the known releases
_HARMLESS: Final = frozenset(
    "--no-cache-dir --no-cache -q -qq --quiet -U --upgrade --disable-pip-version-check --no-warn-script-location -r "
    "--requirement --progress-bar --default-timeout --timeout --retries --root-user-action -v --verbose --no-input "
    "--no-compile --compile --break-system-packages --ignore-installed -I --force-reinstall --prefer-binary --only-binary "
    "-e --editable".split()
)
#: settings of pip in the environment that change nothing in what is installed
_SETTINGS: Final = frozenset(
    "PIP_NO_CACHE_DIR PIP_CACHE_DIR PIP_DISABLE_PIP_VERSION_CHECK PIP_DEFAULT_TIMEOUT PIP_TIMEOUT PIP_RETRIES PIP_NO_INPUT "
    "PIP_PROGRESS_BAR PIP_ROOT_USER_ACTION PIP_NO_COMPILE PIP_QUIET PIP_VERBOSE PIP_NO_WARN_SCRIPT_LOCATION PIP_SRC".split()
)
#: where pip reads settings from, beside its command line
_FILES: Final = (
    "/etc/pip.conf",
    "/etc/xdg/pip/pip.conf",
    "/usr/local/pip.conf",
    "/root/.pip/pip.conf",
    "/root/.config/pip/pip.conf",
)
#: another release of these installs otherwise
_ARCHIVES: Final = (".whl", ".gz", ".zip", ".bz2")
_TOOLS: Final = frozenset("pip setuptools wheel".split())
_QUIET: Final = frozenset("list freeze show check cache help debug uninstall".split())


class Installed:
    """The packages that the file installs, in order to judge them. ``python`` is ``3.9``, "" for a moving tag; ``exact`` is
    True for a tag of one patch, whose pip may be old."""

    def __init__(self, tree: Tree, needs: Needs, python: str, exact: bool) -> None:
        self.tree = tree
        self.needs = needs
        self.python = python
        self.exact = exact
        self.names: set[str] = set()
        # commands of projects that are installed: the module, the folder, and the RUN that copied it; None where it is used there
        self.commands: dict[str, tuple[str, str, int | None]] = {}
        self.roots: list[tuple[str, int | None]] = []  # folders from which their modules are imported, and the same
        self.files: dict[str, tuple[str, ...]] = {}  # by package: what a lock file names, whose files are installed
        self.at: int | None = None  # the RUN whose own command is read, if it is one

    def another(self, tool: str) -> bool:
        """True for a Python of a version that is not that of the image: ``python2``, ``python3.11``."""
        version = tool.removeprefix("python")
        own = self.python if "." in version else self.python.partition(".")[0] or "3"
        return version[:1].isdigit() and version != own

    def judge(self, command: Command, run: Run) -> None:
        """One call of pip."""
        line = run.file.line(run.span.start)
        if command.subcommand in _QUIET or command.has("--version", "-V"):
            return
        if command.subcommand != "install":
            self.needs.ask(f"line {line}: pip {command.subcommand or '?'} is not judged")
            return
        odd = sorted(
            name for name in command.option_names if len(name) > 2 and name not in _HARMLESS and name[1] == "-"
        )
        short = sorted(name for name in command.option_names if len(name) == 2 and name not in _HARMLESS)
        if odd or short:
            self.needs.ask(f"line {line}: pip install {(odd or short)[0]} is not judged")
            return
        self._settings(command, run, line)
        own = any(one is command for one in run.commands) and command.editable and command.place.certain
        self.at = run.index if own and run.instruction.name == "RUN" else None
        words = iter(command.arguments)
        for word in words:
            text = word.value
            if text in ("-r", "--requirement"):
                following = next(words, None)
                self.requirements(None if following is None else following.value, command.cwd, run.index, line)
            elif text is not None and text.startswith(("-r", "--requirement=")) and text not in ("--retries", "-r"):
                name = text.partition("=")[2] if "=" in text else text[2:]
                self.requirements(name, command.cwd, run.index, line)
            elif text in ("--only-binary", "--progress-bar", "--default-timeout", "--timeout", "--retries"):
                next(words, None)
            elif word is command.arguments[0] and text == "install":
                continue
            elif text is None or (word.pattern and _EXTRAS.fullmatch(word.raw) is None):
                self.needs.ask(f"line {line}: which package pip installs is only known when building: {word.raw}")
            elif text.startswith((".", "/")) and command.cwd is not None and not text.endswith(_ARCHIVES):
                path, _, extras = text.partition("[")
                names = tuple(one.strip() for one in extras.rstrip("]").split(",") if one.strip())
                copied = None if command.has("-e", "--editable") else run.index
                self.project(posixpath.normpath(posixpath.join(command.cwd, path)), names, run.index, line, copied)
            elif text != "install" and not text.startswith("-"):
                self.package(text, f"line {line}")

    def _settings(self, command: Command, run: Run, line: int) -> None:
        """What tells pip how to install beside its command line."""
        names = {*run.state.environment, *(name for name, _ in command.environment)}
        names |= {name for other in run.commands for name, _ in other.environment}
        names |= {
            (word.value or word.raw).partition("=")[0] for other in run.uses("export") for word in other.arguments
        }
        other = sorted(name for name in names if name.startswith("PIP_") and name not in _SETTINGS)
        if other:
            self.needs.ask(f"line {line}: {other[0]} tells pip how to install, which is not judged")
        seen = next((path for path in _FILES if self.tree.text(path, run.index) is not None), "")
        if seen or "pip.conf" in run.file.source or "/.pip" in run.file.source:
            self.needs.ask(f"line {line}: {seen or 'pip.conf'} tells pip how to install, which is not judged")

    def requirements(self, name: str | None, cwd: str | None, index: int, line: int, depth: int = 0) -> None:
        """A file of requirements, from the context."""
        path = None if name is None else posixpath.normpath(posixpath.join(cwd or "", name))
        text = self.tree.text(path, index) if path and path.startswith("/") else None
        if text is None or path is None or depth > 3:
            self.needs.ask(f"line {line}: pip installs what {name or 'a file'} names, which is not seen in the context")
            return
        for row in text.replace("\\\n", " ").splitlines():
            row = row.split(" #")[0].strip()
            if not row or row.startswith("#"):
                continue
            if row.startswith(("-r ", "--requirement ", "--requirement=", "-r")):
                other = row.removeprefix("--requirement").removeprefix("-r").lstrip("= ").strip()
                self.requirements(other, posixpath.dirname(path), index, line, depth + 1)
            elif row.startswith("-"):
                self.needs.ask(f"{name} has the option {row.split()[0]}, which is not judged")
            else:
                self.package(row.split(" --hash")[0].strip(), str(name))

    def project(
        self, folder: str, extras: tuple[str, ...], index: int, line: int, copied: int | None, dependencies: bool = True
    ) -> python_project.Project | None:
        """The project in a folder: what it is built with and, unless a lock file says so, what it wants."""
        found = python_project.read(lambda name: self.tree.text(posixpath.join(folder, name), index), extras)
        if found is None:
            self.needs.ask(
                f"line {line} installs the project in {folder}, whose pyproject.toml or setup.py is not seen in the context"
            )
            return None
        for question in found.questions:
            self.needs.ask(question)
        if found.compiles and not self.needs.compiler:
            self.needs.block(f"{found.compiles}, and slim has no compiler: with gcc and libc6-dev of its own it may go")
        elif found.compiles:
            self.needs.ask(f"{found.compiles}, and may want more than the compiler that the file installs")
        self.commands.update({name: (module, folder, copied) for name, module in found.commands.items()})
        self.roots += [(posixpath.join(folder, "src"), copied), (folder, copied)]
        where = "pyproject.toml" if found.document else "setup.py"
        for requirement in found.requirements if dependencies else ():
            self.package(requirement.strip(), where)
        for name in found.files if dependencies else ():
            self.requirements(name, folder, index, line)
        return found

    def locked(self, one: Locked, where: str, brought: bool) -> None:
        """One package of a lock file; ``brought`` is True for one that comes with a package that is known with all it brings."""
        self.names.add(one.name)
        if one.elsewhere:
            self.needs.ask(f"{where} takes {one.name} from {one.elsewhere}, not from the usual index")
        elif not brought or libraries.known(one.name) or libraries.compiled(one.name):
            if one.files or where != "Pipfile.lock":  # which has hashes only
                self.files[one.name] = one.files
            self.package(f"{one.name}=={one.version}", where)

    def package(self, requirement: str, where: str) -> None:
        """One requirement."""
        match = _REQUIREMENT.fullmatch(requirement)
        if match is not None and match[4] and python_markers.never(match[4], self.python):
            return
        if (
            match is None
            or match[2]
            or "@" in requirement
            or "://" in requirement
            or requirement.startswith((".", "/"))
        ):
            self.needs.ask(f"{where}: whether {requirement} needs a compiler or a library is not known")
            return
        name, limits = libraries.normal(match[1]), match[3].strip()
        self.names.add(name)
        if name in _TOOLS and limits and not _OPEN.fullmatch(limits):
            self.needs.ask(f"{where}: {requirement} may be a release that finds no wheels")
        if libraries.compiled(name) and self._provided(name, where):
            return
        if libraries.compiled(name) and not self.needs.compiler:
            self._compile(name, f"{where}: {name} comes as source only, and is compiled with what the full variant has")
            return
        if not libraries.known(name):
            hazard = musl.hazard("python", name)
            why = f" ({hazard})" if hazard else ""
            self.needs.ask(f"{where}: whether {name} {self._unknown(name)} is not known{why}")
            self.needs.doubted.add(name)
            return
        if libraries.soft(name) and limits and not _OPEN.fullmatch(limits):
            self.needs.not_alpine(f"{where}: whether {requirement} has a wheel for musl is not known")
        if not libraries.pure(name) and not libraries.soft(name):
            self._wheel(name, limits, where)
        floor, exact = libraries.floor(name), _EXACT.fullmatch(limits)
        newest = not limits or _OPEN.fullmatch(limits) is not None
        if floor and not newest and not (exact and libraries.at_least(exact[1], floor)):
            self.needs.ask(f"{where}: {requirement} may bring what needs a compiler")
        for other in libraries.brought(name):
            self._wheel(other, "", f"{where}: {name}")

    def _unknown(self, name: str) -> str:
        """What is not known of a package that no table names: less where a lock file names its files."""
        files = self.files.get(name)
        if files is None:
            return "needs a compiler, a library or a program"
        if wheel_files.made(files, self.python).glibc:
            return "needs a library or a program"  # it has a wheel, so it needs no compiler
        return "is compiled, of which the lock file has no wheel for this Python,"

    def _provided(self, name: str, where: str) -> bool:
        """True for one that is compiled with packages that the file itself installs above, and removes nowhere."""
        recipe = libraries.recipe("python", name)
        if recipe is None or not self.needs.brought().issuperset(recipe.build) or apt.uninstalls(self.tree.file):
            return False
        self.needs.fact(f"{where}: {name} is compiled with {', '.join(recipe.build)}, which the file installs")
        self.needs.not_alpine(f"{where}: {name} comes as source only, and what compiles it on Alpine is not judged")
        for question in libraries.compiled_otherwise(name):
            self.needs.ask(question)
        return True

    def _compile(self, name: str, why: str) -> None:
        """One that is compiled: a compiler can be put around a RUN of the file that certainly runs, and around nothing else."""
        if libraries.recipe("python", name) is None or self.at is None:
            self.needs.block(f"{why}: with a compiler and headers of its own it may go")
        else:
            self.needs.compile(Compiled("python", name, self.at, why))

    def _wheel(self, name: str, limits: str, where: str) -> None:
        if not self.python or (self.exact and tuple(map(int, self.python.split("."))) < (3, 10)):
            self.needs.ask(f"{where}: whether {name} comes as a wheel depends on a Python or a pip that is not known")
            return
        files = self.files.get(name)
        if files is not None and limits.startswith("==") and (made := wheel_files.made(files, self.python)).glibc:
            self.needs.fact(f"{where} names wheels of {name} for Python {self.python}")
            if not made.musl:
                self.needs.not_alpine(f"{where} names no wheel of {name} for musl")
            return
        row = libraries.wheels(name, self.python)
        exact = _EXACT.fullmatch(limits)
        newest = not limits or _OPEN.fullmatch(limits) is not None
        version = row.last if row is not None and newest else exact[1] if exact else ""
        between = row is not None and version and libraries.at_least(row.last, version)
        if row is None or not between or not libraries.at_least(version, row.glibc):
            self.needs.ask(f"{where}: {name} {limits} is not known to have a wheel for Python {self.python}")
            return
        self.needs.fact(f"{name} {version if exact else ''}".strip() + f" has wheels for Python {self.python}")
        if row.musl == "-" or not libraries.at_least(version, row.musl):
            self.needs.not_alpine(f"{where}: {name} {limits} has no wheel for musl with Python {self.python}")
