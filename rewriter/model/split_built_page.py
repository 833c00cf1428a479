"""A language that compiles programs below its sources, or installs them into a folder of its own: what pages of it share."""

from __future__ import annotations

import re
from typing import Final

from rewriter import posixpath
from rewriter.knowledge import dev_packages
from rewriter.model import paths
from rewriter.model.command import Command
from rewriter.model.context_tree import Tree as Context
from rewriter.model.effect import Effect
from rewriter.model.run import Run
from rewriter.model.split_page import Call, Page
from rewriter.model.split_stage import Shipped
from rewriter.model.split_traces import Traces
from rewriter.syntax.script import Word

#: the last name of a path that begins with what a command prints; ``cabal list-bin`` prints that of a program
_TAKEN: Final = re.compile(r"\$\(.*\)\"?/(?:[\w.-]+/)*([\w.-]+)|\$\(cabal list-bin (?:[\w.-]+:)*([\w.-]+)\)")


class BuiltPage(Page):
    """``names`` are the programs that an installer is known to make, each with its folder, ``beside`` the paths of those that
    sources may be, ``unnamed`` the folders that get programs whose names are not known. ``targets`` are folders that hold what is
    compiled, ``programs`` the paths of what runs, ``opened`` what these open beside. ``system`` is "alpine", a release of Debian
    or Ubuntu, or "". ``manifest`` is a pattern for the file that says what is built, ``builder`` builds, ``installer`` puts
    programs into folders."""

    wholes = frozenset(("/opt", "/home"))
    manifest = ""
    builder = ""
    installer = ""

    def __init__(self, key: str, traces: Traces, stage: Shipped, context: Context, system: str) -> None:
        super().__init__(key, traces)
        self.stage = stage
        self.context = context
        self.system = system
        self.names: list[tuple[str, str]] = []
        self.unnamed: list[str] = []
        self.targets: list[str] = []
        self.programs: list[str] = []
        self.beside: list[str] = []
        self.opened: list[str] = []

    def leaves(self, run: Run, command: Command, tool: str, effect: Effect | None) -> str | None:
        if tool in ("cp", "mv", "install") and self._takes_a_program(run, command):
            return ""
        return super().leaves(run, command, tool, effect)

    def _takes_a_program(self, run: Run, command: Command) -> bool:
        """True for a file out of a folder that only a builder tells: ``cp $(stack path ...)/bin/shop /usr/local/bin/``."""
        words = command.operands
        if len(words) != 2 or not words[0].substitutions or command.has("-r", "-R", "-a", "-d"):
            return False
        found, target = _TAKEN.fullmatch(words[0].raw.strip('"')), words[1].raw.strip('"')
        place = paths.literal(words[1], command, run.state)
        if place is None or found is None:
            return False
        if target in (".", "..") or target.endswith("/") or self.traces.folders.known(place):
            place = posixpath.join(place, found[1] or found[2])
        self.traces.wrote(place)
        self.traces.written.append((place, command.tool))
        self.traces.unsure |= set() if command.place.certain else {place}
        return True

    def goes_with(self, program: str) -> str:
        """The folder that goes along whole for a program's sake, "" where that goes alone."""
        return ""

    def compiled(self, run: Run, command: Command) -> str:
        """A call of the compiler itself: ``rustc main.rs``, ``ghc -o app Main.hs``; why what it leaves is not known, or ""."""
        if command.has("--version", "-V") or not command.arguments:
            return ""
        if command.cwd is None:
            return f"the folder in which {command.tool} runs is not known"
        output = command.option("-o")
        name = output if isinstance(output, str) or output is None else paths.symbolic(output, run.state)
        if output is not None and (name is None or "$" in name):
            return f"where {command.tool} writes is not known"
        if name is not None and name.startswith("/"):
            self.traces.written.append((posixpath.normpath(name), command.tool))
            self.traces.folders.files.add(posixpath.normpath(name))
            return ""
        self.calls.append(Call(run, command, command.cwd))
        return ""

    def path(self, run: Run, command: Command, given: Word | str | None, variable: str) -> str | None:
        """The absolute path of an option or a variable, "" without one, None when it is not known."""
        if isinstance(given, Word):
            named = paths.literal(given, command, run.state)
            return named and posixpath.normpath(named)
        name = {**run.state.environment, **dict(command.environment)}.get(variable, "") if given is None else given
        if name is None or "$" in name or name.startswith("~") or (name and command.cwd is None):
            return None
        return posixpath.normpath(posixpath.join(command.cwd or "/", name)) if name else ""

    def builds_in(self, run: Run, command: Command, cwd: str | None, target: str | None) -> str:
        """A build in ``cwd`` that puts what it compiles into ``target``, "" for a folder of its own there; why these are not
        known, or ""."""
        if cwd is None or target is None:
            return f"the folder in which {self.builder} builds is not known"
        self.calls.append(Call(run, command, cwd))
        if target:
            self.traces.folders.make(target, run.state.user)
            self.calls.append(Call(run, command, target))
        self.targets += [target] if target else [posixpath.join(cwd, one) for one in sorted(self.words("works"))]
        return ""

    def instead(self, package: str) -> list[str] | None:
        linked = dev_packages.library(package, self.system)
        tables = ["everywhere", "ruby"] if dev_packages.asked(self.system) else []
        tables += ["alpine"] if self.system == "alpine" else ["debian"] if dev_packages.named_in(self.system) else []
        found = (dev_packages.libraries(table, package) for table in tables)
        return [linked] if linked else next((list(one) for one in found if one), None)

    def question(self, path: str) -> str:
        if path in self.programs:
            return f"does {path} find its libraries? `ldd {path}` in a container of the new image names one that is missing"
        return (
            f"does {path} start nothing but what the final stage has, and does it call neither {self.builder} nor git?"
        )
