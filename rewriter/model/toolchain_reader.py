"""Reads what a stage on an image with a toolchain calls: each instruction, and the scripts of the context that it runs or starts.

What a toolchain is, and what the image beside it lacks, a class below :class:`Reader` says.
"""

from __future__ import annotations

from typing import Final

from rewriter import posixpath
from rewriter.knowledge import programs
from rewriter.model import apt
from rewriter.model.command import Command
from rewriter.model.context_tree import Tree
from rewriter.model.file import File, Step
from rewriter.model.needs import Needs
from rewriter.model.run import Run
from rewriter.model.scope import POSIX_SHELLS
from rewriter.rule import Ask
from rewriter.syntax.nodes import Instruction

_INITS: Final = frozenset("tini dumb-init docker-init".split())
_INSTALLERS: Final = frozenset("apt-get apt aptitude apk yum dnf microdnf".split())
#: folders of programs that the image brings
_OF_THE_SYSTEM: Final = ("/bin/", "/usr/bin/", "/sbin/", "/usr/sbin/")
#: packages of another name than the command that they bring
_PACKAGES: Final = {"ps": "procps", "top": "procps", "ssh": "openssh-client", "hg": "mercurial", "svn": "subversion"}


class Reader:
    """Reads one stage, with those of the file below it, into ``needs``."""

    def __init__(self, file: File, ask: Ask) -> None:
        self.file = file
        self.needs = Needs()
        self.tree = Tree(file, file.stages[-1], ask)
        self._seen: set[str] = set()

    def text(self, text: str, where: str) -> None:
        """Judges the words of an instruction or a script."""
        raise NotImplementedError

    def script(self, text: str, path: str) -> None:
        """Judges a script that is seen, beside its words."""
        raise NotImplementedError

    def called(self, name: str, command: Command, line: int, starts: bool) -> bool:
        """Judges a command; False for one that has nothing to do with the toolchain. ``starts``: a container begins with it."""
        raise NotImplementedError

    def lacks(self, command: str) -> bool:
        """True for a command that the other image lacks, if the file does not install it."""
        raise NotImplementedError

    def brings(self, package: str) -> bool:
        """True for a package that brings a part of the toolchain, or what compiles with it."""
        raise NotImplementedError

    def read(self) -> None:
        """Read the instructions, and what a container starts."""
        steps = [step for part in reversed(self.file.stages[-1].lineage) for step in part.steps]
        for step in steps:
            if step.name not in ("LABEL", "MAINTAINER", "FROM"):
                self._step(step)
        self._started(steps)

    def installs(self, tool: str) -> bool:
        """True where the file installs a package of the command's name, or the usual one for it."""
        wanted = {tool, _PACKAGES.get(tool, tool)}
        return any(
            not wanted.isdisjoint(apt.packages(run, command))
            for run in self.file.runs
            for command in run.commands
            if command.tool in _INSTALLERS
        )

    def _step(self, step: Step) -> None:
        line = self.file.line(step.span.start)
        if step.name == "ONBUILD":
            self.needs.block(f"line {line}: what a build that starts from this image needs is not known")
            return
        documents = (one.content.of(self.file.source) for one in step.instruction.heredocs)
        self.text("".join((step.instruction.body.text, *documents)), f"line {line}")
        if step.name == "RUN":
            self.run(self.file.run_at[step.index], line, False)
        elif step.name == "HEALTHCHECK":
            words = sorted({word.strip("[]\",'") for word in step.instruction.body.text.split()})
            gone = next((word for word in words if self.lacks(word) and not self.installs(word)), "")
            if gone:
                self.needs.block(f"line {line} calls {gone}, which the other image lacks")

    def run(self, run: Run, line: int, starts: bool) -> None:
        """Judge each command of a RUN, or of what a container starts."""
        if not run.readable:
            self.needs.ask(f"line {line} cannot be read")
            return
        for command in run.commands:
            self._command(command, run, line, starts)

    def _command(self, command: Command, run: Run, line: int, starts: bool) -> None:
        name = command.tool or _last_part(command)
        if not name:
            if command.simple.words:
                self.needs.ask(f"line {line}: which command runs is only known later: {command.simple.words[0].raw}")
        elif self.called(name, command, line, starts):
            return
        elif self.lacks(name) and not self.installs(name):
            self.needs.block(f"line {line} calls {name}, which the other image lacks")
        elif name in _INSTALLERS:
            found = next((one for one in apt.packages(run, command) if self.brings(one)), "")
            if found:
                self.needs.block(f"line {line} installs {found}, which brings a toolchain or compiles with one")
        elif name in POSIX_SHELLS:
            self._shell(command, run, line, starts)
        else:
            raw = command.simple.words[command.head].value or ""
            if "/" in raw and not raw.startswith(_OF_THE_SYSTEM):
                self._script(raw, command, run, line)
            elif starts:
                self._named(name, command, run, line)

    def _shell(self, command: Command, run: Run, line: int, starts: bool) -> None:
        words = [word for word in command.arguments if not (word.value or "").startswith("-")]
        if any((word.value or "").startswith("-") and "c" in (word.value or "")[1:3] for word in command.arguments):
            if words and words[0].value is None:
                self.needs.ask(f"line {line} runs a text that is only known later")
        elif words and words[0].value is not None:
            self._script(words[0].value, command, run, line)
        elif starts:
            self.needs.block(f"line {line} starts {command.tool}, so it may be an image to work in")
        else:
            self.needs.ask(f"line {line} runs a shell whose input is not followed")

    def _named(self, name: str, command: Command, run: Run, line: int) -> None:
        """A program by its name: a script of the context in PATH, or what the image brings."""
        for folder in programs.SEARCHED:
            path = posixpath.join(folder, name)
            if self.tree.text(path, run.index) is not None or self.tree.unseen(path, run.index):
                self._script(path, command, run, line)
                return

    def _script(self, path: str, command: Command, run: Run, line: int) -> None:
        full = posixpath.normpath(posixpath.join(command.cwd or "/", path))
        if full in self._seen:
            return
        self._seen.add(full)
        text = self.tree.text(full, run.index)
        if text is None:
            self.needs.ask(f"line {line} starts {path}, which is not seen, and calls nothing of the toolchain")
            return
        self.text(text, path)
        self.script(text, path)
        self.needs.ask(f"{path} starts no other script that calls the toolchain")

    def _started(self, steps: list[Step]) -> None:
        """ENTRYPOINT, with CMD behind it."""
        entry = next((step for step in reversed(steps) if step.name == "ENTRYPOINT"), None)
        command = next((step for step in reversed(steps) if step.name == "CMD"), None)
        first = entry if entry is not None and entry.instruction.args != () else command
        if first is None:
            self.needs.block("it has no CMD or ENTRYPOINT, so it may be an image to build with")
            return
        line = self.file.line(first.span.start)
        asked = len(self.needs.asks)
        behind = command.instruction.args or () if first is entry and command is not None else ()
        own = first.instruction
        args = None if own.args is None else _behind_init(own.args + behind)
        merged = Instruction(
            own.span, own.keyword, own.name, own.flags, own.body, args, own.heredocs, own.comments, own.end
        )
        if len(behind) == 1 and behind[0].rpartition("/")[2] in POSIX_SHELLS:
            self.needs.block(f"CMD is {behind[0]}, so it may be an image to work in")
        self.run(Run(merged, first.index, first.state, self.file.stages[-1], self.file), line, True)
        self.ended(line, len(self.needs.asks) > asked)

    def ended(self, line: int, asked: bool) -> None:
        """All is read: line ``line`` says what a container starts; ``asked``: some of that is a question."""


def _last_part(command: Command) -> str:
    """``jar`` of ``$JAVA_HOME/bin/jar``; "" where that is a variable too."""
    words = command.simple.words
    path, slash, name = (
        words[command.head].raw.strip('"').rpartition("/") if command.head < len(words) else ("", "", "")
    )
    return name if slash and "$" not in name and "$" in path else ""


def _behind_init(args: tuple[str, ...]) -> tuple[str, ...]:
    """What an init process starts, with its arguments."""
    if not args or args[0].rpartition("/")[2] not in _INITS:
        return args
    at = 1
    while at < len(args) and args[at].startswith("-"):
        at += 1
    return args[at:]
