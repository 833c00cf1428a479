"""What a stage on an image with a toolchain does that the image beside it, which only runs what was made, cannot."""

from __future__ import annotations

import posixpath

from rewriter.knowledge import toolchains
from rewriter.model import apt
from rewriter.model.command import Command
from rewriter.model.context_tree import Tree
from rewriter.model.file import File, Step
from rewriter.model.needs import Needs
from rewriter.model.run import Run
from rewriter.rule import Ask
from rewriter.syntax.nodes import Instruction

_SHELLS = frozenset("sh bash dash ash".split())
_INSTALLERS = frozenset("apt-get apt aptitude apk yum dnf microdnf".split())
_OF_THE_SYSTEM = ("/bin/", "/usr/bin/", "/sbin/", "/usr/sbin/")
_PORTS = ("ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS", "--urls")


def needs_of(file: File, toolchain: str, ask: Ask) -> Needs:
    """Facts against the other image, and questions. ``toolchain`` is "cuda" or "dotnet"."""
    reader = _Reader(file, toolchain, ask)
    steps = [step for part in reversed(file.stages[-1].lineage) for step in part.steps]
    for step in steps:
        reader.step(step)
    reader.started(steps)
    for question in toolchains.questions(toolchain):
        reader.needs.ask(question)
    return reader.needs


class _Reader:
    """Reads one stage, with those of the file below it."""

    def __init__(self, file: File, toolchain: str, ask: Ask) -> None:
        self.file = file
        self.toolchain = toolchain
        self.needs = Needs()
        self.tree = Tree(file, file.stages[-1], ask)

    def step(self, step: Step) -> None:
        line = self.file.line(step.span.start)
        if step.name in ("LABEL", "MAINTAINER", "FROM"):
            return
        if step.name == "ONBUILD":
            self.needs.block(f"line {line}: what a build that starts from this image needs is not known")
        if step.name == "HEALTHCHECK":
            words = {word.strip("[]\",'") for word in step.instruction.body.text.split()}
            called = sorted(words & toolchains.words(self.toolchain, "commands"))
            if called:
                self.needs.block(f"line {line} calls {called[0]}, which the image without the toolchain lacks")
        documents = (one.content.of(self.file.source) for one in step.instruction.heredocs)
        self._text("".join((step.instruction.body.text, *documents)), f"line {line}")
        if step.name == "RUN":
            self._run(self.file.run_at[step.index], line)

    def _text(self, text: str, where: str) -> None:
        name = toolchains.named_in(self.toolchain, text)
        if name:
            self.needs.block(f"{where} names {name}, which stands for the toolchain")

    def _run(self, run: Run, line: int) -> None:
        if not run.readable:
            self.needs.ask(f"line {line} cannot be read")
            return
        for command in run.commands:
            self._command(command, run, line)

    def _command(self, command: Command, run: Run, line: int) -> None:
        needs, name = self.needs, command.tool
        words = [word.value or word.raw for word in command.arguments]
        if not name:
            if command.simple.words:
                needs.ask(f"line {line}: which command runs is only known later: {command.simple.words[0].raw}")
        elif name in toolchains.words(self.toolchain, "commands"):
            needs.block(f"line {line} calls {name}, which the image without the toolchain lacks")
        elif name == "dotnet" and self.toolchain == "dotnet":
            if not words or not words[0].endswith(".dll"):
                needs.block(f"line {line} calls dotnet {' '.join(words[:1])}, which is a command of the SDK")
        elif name in _INSTALLERS:
            found = next((one for one in apt.packages(run, command) if toolchains.brings(self.toolchain, one)), "")
            if found:
                needs.block(f"line {line} installs {found}, which belongs to a toolchain")
        elif name.startswith("pip") and any(word in (".", "-e") or word.startswith("./") for word in words):
            needs.block(f"line {line} installs a package from its source, which may compile")
        elif name in _SHELLS:
            self._shell(command, run, line)
        else:
            raw = command.simple.words[command.head].value or ""
            if "/" in raw and not raw.startswith(_OF_THE_SYSTEM):
                self._script(raw, command, run, line)

    def _shell(self, command: Command, run: Run, line: int) -> None:
        words = [word for word in command.arguments if not (word.value or "").startswith("-")]
        if any((word.value or "").startswith("-") and "c" in (word.value or "")[1:3] for word in command.arguments):
            if words and words[0].value is None:
                self.needs.ask(f"line {line} runs a text that is only known later")
        elif words and words[0].value is not None:
            self._script(words[0].value, command, run, line)
        elif run.instruction.name != "RUN":
            self.needs.block(f"line {line} starts {command.tool}, so it may be an image to work in")
        else:
            self.needs.ask(f"line {line} runs a shell whose input is not followed")

    def _script(self, path: str, command: Command, run: Run, line: int) -> None:
        text = self.tree.text(posixpath.normpath(posixpath.join(command.cwd or "/", path)), run.index)
        if text is None:
            self.needs.ask(f"line {line} starts {path}, which is not seen, and calls nothing of the toolchain")
            return
        self._text(text, path)
        words = set(text.replace(";", " ").replace("(", " ").split())
        called = sorted(words & toolchains.words(self.toolchain, "commands"))
        if called or (self.toolchain == "dotnet" and any(f"dotnet {one}" in text for one in ("run", "build", "watch"))):
            self.needs.block(f"{path} calls {called[0] if called else 'dotnet'} of the toolchain")
        self.needs.ask(f"{path} starts no other script that calls the toolchain")

    def started(self, steps: list[Step]) -> None:
        """ENTRYPOINT and CMD."""
        entry = next((step for step in reversed(steps) if step.name == "ENTRYPOINT"), None)
        command = next((step for step in reversed(steps) if step.name == "CMD"), None)
        first = entry if entry is not None and entry.instruction.args != () else command
        if first is None:
            self.needs.block("it has no CMD or ENTRYPOINT, so it may be an image to build with")
            return
        line = self.file.line(first.span.start)
        behind = command.instruction.args or () if first is entry and command is not None else ()
        own = first.instruction
        args = None if own.args is None else own.args + behind
        merged = Instruction(
            own.span, own.keyword, own.name, own.flags, own.body, args, own.heredocs, own.comments, own.end
        )
        run = Run(merged, first.index, first.state, self.file.stages[-1], self.file)
        self._run(run, line)
        if self.toolchain == "dotnet":
            self._port(run, line)

    def _port(self, run: Run, line: int) -> None:
        """The image of ASP.NET sets the port that a program listens on, and the SDK unsets it."""
        if not any(command.tool == "dotnet" for command in run.commands):
            self.needs.block(f"line {line} does not start dotnet with a program, so it may be an image to work in")
        said = any(one in self.file.source for one in _PORTS)
        if not said:
            self.needs.block(
                "the image of ASP.NET sets the port (8080, before 8.0 it was 80) and the SDK does not: it is another one unless "
                "the file sets ASPNETCORE_URLS or ASPNETCORE_HTTP_PORTS"
            )
