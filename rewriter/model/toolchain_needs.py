"""What a stage on the devel flavour of CUDA, or on the SDK of .NET, does that the image beside it cannot."""

from __future__ import annotations

from typing import Final

from rewriter.knowledge import toolchains
from rewriter.model import bases, csproj
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.needs import Needs
from rewriter.model.toolchain_reader import Reader
from rewriter.rule import Ask

_PORTS: Final = ("ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS", "--urls")
#: commands of dotnet that compile, as a script may call them
_COMPILING: Final = ("run", "build", "watch", "test", "publish")


def needs_of(file: File, toolchain: str, ask: Ask) -> Needs:
    """Facts against the other image, and questions. ``toolchain`` is "cuda" or "dotnet"."""
    reader = (_Dotnet if toolchain == "dotnet" else _Toolchain)(file, toolchain, ask)
    reader.read()
    for question in toolchains.questions(toolchain):
        reader.needs.ask(question)
    return reader.needs


class _Toolchain(Reader):
    """Nothing that is seen may call, install or name what belongs to the toolchain."""

    def __init__(self, file: File, toolchain: str, ask: Ask) -> None:
        super().__init__(file, ask)
        self.toolchain = toolchain

    def text(self, text: str, where: str) -> None:
        name = toolchains.named_in(self.toolchain, text)
        if name:
            self.needs.block(f"{where} names {name}, which stands for the toolchain")

    def script(self, text: str, path: str) -> None:
        words = sorted(set(text.replace(";", " ").replace("(", " ").split()))
        called = next((word for word in words if self.lacks(word.rpartition("/")[2])), "")
        if called:
            self.needs.block(f"{path} calls {called} of the toolchain")

    def called(self, name: str, command: Command, line: int, starts: bool) -> bool:
        words = [word.value or word.raw for word in command.arguments]
        if not name.startswith("pip") or not any(word in (".", "-e") or word.startswith("./") for word in words):
            return False
        self.needs.block(f"line {line} installs a package from its source, which may compile")
        return True

    def lacks(self, command: str) -> bool:
        return command in toolchains.words(self.toolchain, "commands")

    def brings(self, package: str) -> bool:
        return toolchains.brings(self.toolchain, package)


class _Dotnet(_Toolchain):
    """A container has to start a program that was published, at a port that the file says where that of the images differs."""

    def __init__(self, file: File, toolchain: str, ask: Ask) -> None:
        super().__init__(file, toolchain, ask)
        self.runs_program = False
        self.project: csproj.Project | None = None

    def script(self, text: str, path: str) -> None:
        super().script(text, path)
        if any(f"dotnet {one}" in text for one in _COMPILING):
            self.needs.block(f"{path} calls dotnet of the toolchain")
        self.runs_program = self.runs_program or "dotnet" in text

    def called(self, name: str, command: Command, line: int, starts: bool) -> bool:
        if name != "dotnet":
            return super().called(name, command, line, starts)
        words = [word.value or word.raw for word in command.arguments]
        if not words or not words[0].endswith(".dll"):
            self.needs.block(f"line {line} calls dotnet {' '.join(words[:1])}, which is a command of the SDK")
        elif starts:
            self.project = csproj.of_program(self.tree.ask, words[0])
            if self.project is not None and self.project.compiling:
                self.needs.block(
                    f"{self.project.path} names {self.project.compiling}, which looks for an SDK while it runs"
                )
        self.runs_program = self.runs_program or starts
        return True

    def ended(self, line: int, asked: bool) -> None:
        if not self.runs_program and not asked:
            self.needs.block(f"line {line} does not start dotnet with a program, so it may be an image to work in")
        same = (bases.version_of(bases.shipped_base(self.file)[1]) or (0,)) >= (8,)  # both have what is below them
        if same:
            return
        if self.project is not None and not self.project.web:
            self.needs.fact(f"{self.project.path} is of a program that listens at no port of ASP.NET")
        elif not any(one in self.file.source for one in _PORTS):
            self.needs.block(
                "the image of ASP.NET sets the port (80, from 3.1 to 7.0) and the SDK does not: it is another one unless the "
                "file sets ASPNETCORE_URLS"
            )
