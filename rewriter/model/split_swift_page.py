"""Reading a build by Swift's package manager: in which folders it compiles, and what goes along with a program."""

from __future__ import annotations

from typing import Final

from rewriter import posixpath
from rewriter.model import paths
from rewriter.model.command import Command
from rewriter.model.context_tree import Tree as Context
from rewriter.model.run import Run
from rewriter.model.split_built_page import BuiltPage
from rewriter.model.split_stage import Shipped
from rewriter.model.split_traces import Traces

#: commands of ``swift package`` that leave nothing but what is fetched, below .build. Source: docs.swift.org/package-manager
_HARMLESS: Final = frozenset(
    "resolve update clean reset purge-cache describe show-dependencies dump-package show-executables tools-version".split()
)
#: what is compiled, beside programs, their resources and libraries
_OBJECTS: Final = ("*.build", "*.product", "*.swiftmodule", "Modules", "ModuleCache", "index")
_FETCHED: Final = ("checkouts", "repositories")


class SwiftPage(BuiltPage):
    """``static`` says of each build whether the standard library is linked into the program."""

    manifest = "Package.swift"
    builder = "swift"

    def __init__(self, traces: Traces, stage: Shipped, context: Context, system: str) -> None:
        super().__init__("swift", traces, stage, context, system)
        self.static: list[bool] = []

    def built(self, run: Run, command: Command, tool: str) -> str:
        if tool == "swiftc":
            self.static.append("-static-stdlib" in command.words_text or "-static-executable" in command.words_text)
            return self.compiled(run, command)
        sub = command.subcommand
        if command.has("--version", "--help", "--show-bin-path") or not command.arguments:
            return ""
        verb = (command.operands[0].value or "") if sub == "package" and command.operands else ""
        if verb in _HARMLESS:
            return ""
        if sub not in ("build", "test") and verb != "init":
            return f"what swift {sub} {verb}".rstrip() + " leaves is not known"
        if sub == "build" and not command.has("--build-tests"):
            text = command.words_text
            self.static.append("-static-stdlib" in text or "static-swift-stdlib" in text or "linux-musl" in text)
        folder = self.path(run, command, command.option("--package-path", "--chdir", "-C"), "")
        cwd = command.cwd if folder == "" else folder
        target = self.path(run, command, command.option("--build-path", "--scratch-path"), "SWIFTPM_BUILD_DIR")
        return self.builds_in(run, command, cwd, target)

    def goes_with(self, program: str) -> str:
        """The folder of what is built: resources and libraries of a package lie beside its programs."""
        folder = posixpath.dirname(program)
        return folder if any(paths.inside(folder, one) for one in self.targets) else ""

    def objects(self) -> list[str]:
        """Patterns of what is compiled and fetched."""
        beside = [f"{self.goes_with(one)}/{name}" for one in self.programs if self.goes_with(one) for name in _OBJECTS]
        whole = [f"{one}/{name}" for one in self.targets for name in (*_FETCHED, *(f"*/*/{name}" for name in _OBJECTS))]
        return whole if not self.left else [*beside, *whole]
