"""Reading a stage that installs packages of Python: where pip puts what it compiles, and what may call a compiler later."""

from __future__ import annotations

from typing import Final

from rewriter import posixpath
from rewriter.knowledge import dev_packages, languages
from rewriter.model import paths, split_purpose
from rewriter.model.command import Command
from rewriter.model.effect import Effect
from rewriter.model.run import Run
from rewriter.model.split_page import Call, Page
from rewriter.model.split_python_calls import tool_of
from rewriter.model.split_stage import Shipped
from rewriter.model.split_traces import Traces
from rewriter.syntax.script import Word

_ASKS: Final = frozenset(
    "list freeze show check config cache search help --version -V --help env uninstall remove".split()
)
#: options by which pip installs elsewhere
_ELSEWHERE: Final = ("-t", "--target", "--prefix", "--root", "--user", "--src")
_MODULES: Final = frozenset(("compileall", "ensurepip", "site"))
_FETCHED: Final = ("get-pip", "ez_setup")
#: options in front of a file or an address that is no package
_VALUES: Final = (
    "-r",
    "--requirement",
    "-c",
    "--constraint",
    "-f",
    "--find-links",
    "-i",
    "--index-url",
    "--extra-index-url",
)


class PythonPage(Page):
    """``distribution`` is True where Python is a package of Debian or Ubuntu; ``libraries`` is the table of dev_packages.toml
    that names libraries here, "" for none. ``named`` are the packages that pip is told to install, ``dropped`` those that stay in
    the builder, ``lone`` the scripts that run while it is built."""

    wholes = frozenset(("/opt", "/home"))

    def __init__(self, traces: Traces, stage: Shipped, distribution: bool, libraries: str) -> None:
        super().__init__("python", traces)
        self.stage = stage
        self.distribution = distribution
        self.libraries = libraries
        self.named: list[str] = []
        self.dropped: list[str] = []
        self.lone: list[str] = []

    def leaves(self, run: Run, command: Command, tool: str, effect: Effect | None) -> str | None:
        name = tool_of(command)
        if name in self.words("builders"):
            return self.built(run, command, name)
        return super().leaves(run, command, tool, effect)

    def built(self, run: Run, command: Command, tool: str) -> str:
        given = list(command.arguments)
        if tool == "python":
            return self._python(run, command, given)
        if tool == "virtualenv":
            return self._environment(run, command, given)
        sub = command.subcommand if tool != "easy_install" else "install"
        first = given[0].value if given else ""
        if sub in _ASKS or first in _ASKS:
            return ""
        if tool == "pipenv":
            return "" if command.has("--system") else "pipenv installs into an environment of its own"
        if tool == "poetry":
            here = "virtualenvs.create false" in " ".join(self.stage.file.source.split())
            return self._here(run, command) if here else "poetry installs into an environment of its own"
        if sub != "install":
            return f"what {tool} {sub} leaves is not known"
        return self._install(run, command, given)

    def _install(self, run: Run, command: Command, given: list[Word]) -> str:
        """``pip install`` with these arguments."""
        if any(word.raw.partition("=")[0] in _ELSEWHERE for word in given):
            return "pip installs into a folder that is not its own"
        environment = posixpath.dirname(
            posixpath.dirname(paths.symbolic(command.simple.words[command.head], run.state) or "")
        )
        if not run.state.root and not self.traces.folders.known(environment):
            return "pip installs as another user than root, into the home of that"
        for at, word in enumerate(given):
            value = word.value or ""
            local = value in (".", "..") or value.startswith(("./", "../", "/", ".["))
            if given[at - 1].raw in _VALUES and at:
                continue
            if local:
                why = self._local(run, command, value)
                if why:
                    return why
            elif not value.startswith("-"):
                self.named.append(value.lower())
        return ""

    def _local(self, run: Run, command: Command, value: str) -> str:
        """A package whose sources lie in a folder: with -e it stays there."""
        if value.endswith((".whl", ".gz", ".zip", ".txt")):
            return ""
        folder = value.partition("[")[0]
        if command.cwd is None and not folder.startswith("/"):
            return "the folder in which pip runs is not known"
        self.calls.append(Call(run, command, posixpath.normpath(posixpath.join(command.cwd or "/", folder))))
        return ""

    def _here(self, run: Run, command: Command) -> str:
        if command.cwd is None:
            return "the folder in which it builds is not known"
        self.calls.append(Call(run, command, command.cwd))
        return ""

    def _python(self, run: Run, command: Command, given: list[Word]) -> str:
        """A call of Python itself."""
        words = [word.value or "" for word in given]
        if words[:1] in (["--version"], ["-V"]):
            return ""
        if any(one in run.visible.text for one in _FETCHED) and (
            not words or any(one in words[0] for one in (*_FETCHED, "-"))
        ):
            return ""
        if posixpath.basename(words[0] if words else "").startswith("pip") and words[1:2] == ["install"]:
            return self._install(run, command, given[2:])
        if words[:1] == ["-m"] and len(words) > 1:
            return self._module(run, command, words[1], given[2:])
        if not words or words[0].startswith("-"):
            return "what Python runs there is not seen"
        if posixpath.basename(words[0]) == "setup.py":
            return self._here(run, command)
        why = self._here(run, command)
        self.lone.append(posixpath.basename(words[0]))
        return why

    def _module(self, run: Run, command: Command, module: str, rest: list[Word]) -> str:
        if module == "pip" and rest and rest[0].value == "install":
            return self._install(run, command, rest[1:])
        if module == "pip" and rest and rest[0].value in _ASKS:
            return ""
        if module in ("venv", "virtualenv"):
            return self._environment(run, command, rest)
        installs = module == "spacy" and rest[:1] and rest[0].value == "download"
        return "" if module in _MODULES or installs else f"what python -m {module} leaves is not known"

    def _environment(self, run: Run, command: Command, given: list[Word]) -> str:
        """A virtual environment: a folder that goes along."""
        operands = [word for word in given if not word.raw.startswith("-")]
        name = paths.symbolic(operands[-1], run.state) if operands else None
        if name is None or "$" in name or (command.cwd is None and not name.startswith("/")):
            return "where the virtual environment lies is not known"
        path = posixpath.normpath(posixpath.join(command.cwd or "/", name))
        self.traces.folders.make(path, run.state.user)
        self.calls.append(Call(run, command, path))
        return ""

    def serves_the_build(self, package: str) -> bool:
        build = super().serves_the_build(package) or package in self.words("compilers") | self.words("own")
        if build and package not in self.dropped:
            self.dropped.append(package)
        return build

    def instead(self, package: str) -> list[str] | None:
        if self.distribution and package.startswith("python"):
            return self._interpreter(package)
        tables = [*([] if self.stage.alpine else ["compilers"]), *([self.libraries] if self.libraries else [])]
        found = [one for table in tables for one in dev_packages.libraries(table, package)]
        if found and package not in self.dropped:
            self.dropped.append(package)
        return found or None

    def _interpreter(self, package: str) -> list[str] | None:
        """What Debian's packages of pip and of Python's headers bring, and a program needs."""
        if not self.serves_the_build(package):
            return None
        name = (
            package.removesuffix("-dev") if package[:7] in ("python2", "python3") and package.endswith("-dev") else ""
        )
        name = name or ("python3" if package.startswith("python3") else "python")
        tools = [f"{name}-setuptools", "ca-certificates"] if package.endswith("-pip") else []
        return [name, *tools]

    def brings(self, tool: str) -> bool:
        if tool.endswith(".sh") or "entrypoint" in tool:
            return False
        self.started = self.started or tool
        return True

    def starts(self, command: Command, places: list[str]) -> str:
        self.started = f"a program of {languages.fact('python', 'name')}"
        words = [word.value or "" for word in command.arguments]
        if words[:1] == ["-m"] and words[1:2] and words[1] in self.words("toolchain"):
            return f"{split_purpose.KEPT}: it starts the build tool {words[1]}"
        return f"{split_purpose.KEPT}: it starts setup.py" if words[:1] == ["setup.py"] else ""
