"""What the RUNs of a Go build leave, beside what those of every build do: a record that is filled in."""

from __future__ import annotations

from rewriter.model import go_installed
from rewriter.model.command import Command
from rewriter.model.go_build import Built
from rewriter.model.run import Run
from rewriter.model.split_folders import Folders
from rewriter.model.split_stage import Installed
from rewriter.model.split_traces import Traces


class GoTraces(Traces):
    """``programs`` are what go built. ``unseen`` stands for what make may build while the context is not seen.
    ``generated`` is True after go generate, ``tests`` after go test, ``cloned`` after git clone; ``auto_modules`` where
    GO111MODULE decides (before Go 1.16). ``only_fetches``: see :func:`rewriter.model.go_build.built`. ``no_wrapper`` says why
    there is no go-wrapper, or is "". ``starts`` is the name of what the image starts. ``toolchain`` is the one that the file
    installs, None on an official image.
    """

    def __init__(self, folders: Folders, toolchain: Installed | None) -> None:
        super().__init__(folders)
        self.toolchain = toolchain
        self.programs: list[Built] = []
        self.unseen: Built | None = None
        self.only_fetches = False
        self.auto_modules = False
        self.no_wrapper = ""
        self.starts = ""
        self.tests = False
        self.cloned = False
        self.generated = False

    def brings(self, run: Run, command: Command) -> bool:
        """True for a command that brings the toolchain, and nothing else."""
        return self.toolchain is not None and (run.index, command.start) in self.toolchain.commands

    @property
    def roots(self) -> tuple[str, ...]:
        """What GOROOT may be."""
        return go_installed.roots(self.toolchain)

    def of_the_toolchain(self, path: str) -> bool:
        """True for what lies in the toolchain that the file installs, and for an archive of it."""
        return self.toolchain is not None and self.toolchain.holds(path)

    def builds(self, path: str) -> bool:
        return any(path == one.path for one in self.programs)
