"""What a stage on a JDK does that a JRE cannot: compile, and look into other Java processes.

A JRE of the same image runs the same classes on the same system. What the classes themselves call is in archives that nobody
reads here: that stays a question.
"""

from __future__ import annotations

import posixpath

from rewriter.knowledge import java
from rewriter.model import apt
from rewriter.model.command import Command
from rewriter.model.context_tree import Tree
from rewriter.model.file import File, Step
from rewriter.model.needs import Needs
from rewriter.model.run import Run
from rewriter.rule import Ask
from rewriter.syntax.nodes import Instruction

_INITS = frozenset("tini dumb-init docker-init".split())
_SHELLS = frozenset("sh bash dash ash".split())
_INSTALLERS = frozenset("apt-get apt aptitude apk yum dnf microdnf".split())
#: options of java that load an agent, which may want what a JRE lacks
_AGENTS = ("-javaagent:", "-agentlib:", "-agentpath:", "-Xrunjdwp", "-Xdebug")
#: folders of programs that the image brings
_OF_THE_SYSTEM = ("/bin/", "/usr/bin/", "/sbin/", "/usr/sbin/")


def needs_of(file: File, image: str, ask: Ask) -> Needs:
    """Facts against a JRE, and questions. ``image`` is the name of the base without registry and tag."""
    reader = _Reader(file, image, ask)
    steps = [step for part in reversed(file.stages[-1].lineage) for step in part.steps]
    for step in steps:
        reader.step(step)
    reader.started(steps)
    reader.needs.ask(
        "no class of the program or of its libraries compiles Java or looks into other processes (javax.tools, com.sun.tools, "
        "tools.jar): a JRE has nothing of that"
    )
    reader.needs.ask("nobody calls jcmd, jstack, jmap or another tool of the JDK in a running container")
    return reader.needs


class _Reader:
    """Reads one stage, with those of the file below it."""

    def __init__(self, file: File, image: str, ask: Ask) -> None:
        self.file = file
        self.image = image
        self.needs = Needs()
        self.tree = Tree(file, file.stages[-1], ask)
        self.runs_java = False
        self.seen: set[str] = set()

    def step(self, step: Step) -> None:
        line = self.file.line(step.span.start)
        if step.name in ("LABEL", "MAINTAINER", "FROM"):
            return
        if step.name == "ONBUILD":
            self.needs.block(f"line {line}: what a build that starts from this image needs is not known")
            return
        documents = (one.content.of(self.file.source) for one in step.instruction.heredocs)
        self._text("".join((step.instruction.body.text, *documents)), f"line {line}")
        if step.name == "RUN":
            self._run(self.file.run_at[step.index], line, False)
        elif step.name == "HEALTHCHECK":
            words = {word.strip("[]\",'") for word in step.instruction.body.text.split()}
            gone = sorted(word for word in words & java.lost(self.image) if not self._installed(word))
            if gone:
                self.needs.block(f"line {line} calls {gone[0]}, which the images of the JRE lack")

    def _text(self, text: str, where: str) -> None:
        name = java.named_in(text)
        if name:
            self.needs.block(f"{where} names {name}, which only a JDK has")
        elif "/jre" in text:
            self.needs.block(f"{where} names a folder jre, which is inside of a JDK and not of a JRE")
        elif "JAVA_HOME" in text or "/jvm/" in text:
            self.needs.ask(f"{where} names the folder of Java, and a JRE may have another")

    def _run(self, run: Run, line: int, starts: bool) -> None:
        if not run.readable:
            self.needs.ask(f"line {line} cannot be read")
            return
        for command in run.commands:
            self._command(command, run, line, starts)

    def _command(self, command: Command, run: Run, line: int, starts: bool) -> None:
        needs = self.needs
        name = command.tool or _last_part(command)
        if not name:
            if command.simple.words:
                needs.ask(f"line {line}: which command runs is only known later: {command.simple.words[0].raw}")
            return
        if java.only_in_jdk(name):
            needs.block(f"line {line} calls {name}, which only a JDK has")
        elif java.builds(name):
            needs.block(f"line {line} calls {name}, which compiles with the JDK, or may")
        elif name in java.lost(self.image) and not self._installed(name):
            needs.block(f"line {line} calls {name}, which the images of the JRE lack")
        elif name == "java":
            self._java(command, line, starts)
        elif name in _INSTALLERS:
            self._install(command, run, line)
        elif name in _SHELLS:
            self._shell(command, run, line, starts)
        else:
            raw = command.simple.words[command.head].value or ""
            if "/" in raw and not raw.startswith(_OF_THE_SYSTEM):
                self._script(raw, command, run, line)
            elif starts:
                self._named(name, command, run, line)

    def _java(self, command: Command, line: int, starts: bool) -> None:
        words = [word.value or word.raw for word in command.arguments]
        if any(word.endswith(".java") or word == "--source" for word in words):
            self.needs.block(f"line {line} starts java with a source file, which it compiles")
        elif any(word.startswith(_AGENTS) for word in words):
            self.needs.ask(f"line {line} loads an agent into Java, which may want what a JRE lacks")
        self.runs_java = self.runs_java or starts

    def _install(self, command: Command, run: Run, line: int) -> None:
        packages = apt.packages(run, command)
        found = next((package for package in packages if java.brings_jdk(package)), "")
        if found:
            self.needs.block(f"line {line} installs {found}, which brings a JDK or compiles with one")

    def _installed(self, tool: str) -> bool:
        """True where the file installs a package of the command's name, or the usual one for it."""
        usual = {"ps": "procps", "top": "procps", "ssh": "openssh-client", "hg": "mercurial", "svn": "subversion"}
        wanted = {tool, usual.get(tool, tool)}
        return any(
            not wanted.isdisjoint(apt.packages(run, command))
            for run in self.file.runs
            for command in run.commands
            if command.tool in _INSTALLERS
        )

    def _shell(self, command: Command, run: Run, line: int, starts: bool) -> None:
        words = [word for word in command.arguments if not (word.value or "").startswith("-")]
        if any((word.value or "").startswith("-") and "c" in (word.value or "")[1:3] for word in command.arguments):
            if words and words[0].value is None:
                self.needs.ask(f"line {line} runs a text that is only known later")
            return  # its commands are listed of themselves
        if words and words[0].value is not None:
            self._script(words[0].value, command, run, line)
        elif starts:
            self.needs.block(f"line {line} starts {command.tool}, so it may be an image to work in")
        else:
            self.needs.ask(f"line {line} runs a shell whose input is not followed")

    def _named(self, name: str, command: Command, run: Run, line: int) -> None:
        """A program by its name: a script of the context in PATH, or what the image brings."""
        for folder in ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"):
            path = posixpath.join(folder, name)
            if self.tree.text(path, run.index) is not None or self.tree.unseen(path, run.index):
                self._script(path, command, run, line)
                return

    def _script(self, path: str, command: Command, run: Run, line: int) -> None:
        full = posixpath.normpath(posixpath.join(command.cwd or "/", path))
        if full in self.seen:
            return
        self.seen.add(full)
        text = self.tree.text(full, run.index)
        if text is None:
            self.needs.ask(f"line {line} starts {path}, which is not seen, and calls nothing of the JDK")
            return
        name = java.named_in(text, building=True)
        if name:
            self.needs.block(f"{path} names {name}, which only a JDK has, or compiles with one")
        self._text(text, path)
        self.needs.ask(f"{path} starts no other script that calls tools of the JDK")
        self.runs_java = self.runs_java or "java" in text

    def started(self, steps: list[Step]) -> None:
        """ENTRYPOINT and CMD: Java has to be what a container runs."""
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
        if behind and behind[0].rpartition("/")[2] in _SHELLS and len(behind) == 1:
            self.needs.block(f"CMD is {behind[0]}, so it may be an image to work in")
        self._run(Run(merged, first.index, first.state, self.file.stages[-1], self.file), line, True)
        if not self.runs_java and len(self.needs.asks) == asked:
            self.needs.block(f"what line {line} starts is not seen to be Java, so it may be an image to build with")


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
