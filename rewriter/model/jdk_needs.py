"""What a stage on a JDK does that a JRE cannot: compile, and look into other Java processes.

A JRE of the same image runs the same classes on the same system. What the classes themselves call is in archives that nobody
reads here: that stays a question.
"""

from __future__ import annotations

from typing import Final

from rewriter.knowledge import java
from rewriter.model import java_project, needed_java
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.needs import Needs
from rewriter.model.toolchain_reader import Reader
from rewriter.rule import Ask

#: options of java that load an agent, which may want what a JRE lacks
_AGENTS: Final = ("-javaagent:", "-agentlib:", "-agentpath:", "-Xrunjdwp", "-Xdebug")


def needs_of(file: File, image: str, ask: Ask) -> Needs:
    """Facts against a JRE, and questions. ``image`` is the name of the base without registry and tag."""
    reader = _Jdk(file, image, ask)
    reader.read()
    reader.needs.ask(
        "no class of the program or of its libraries compiles Java or looks into other processes (javax.tools, com.sun.tools, "
        "tools.jar): a JRE has nothing of that"
    )
    reader.needs.ask("nobody calls jcmd, jstack, jmap or another tool of the JDK in a running container")
    return reader.needs


class _Jdk(Reader):
    """A container has to start Java, and nothing that is seen may call the JDK."""

    def __init__(self, file: File, image: str, ask: Ask) -> None:
        super().__init__(file, ask)
        self.image = image
        self.runs_java = False

    def text(self, text: str, where: str) -> None:
        name = java.named_in(text)
        if name:
            self.needs.block(f"{where} names {name}, which only a JDK has")
        elif "/jre" in text:
            self.needs.block(f"{where} names a folder jre, which is inside of a JDK and not of a JRE")
        elif "JAVA_HOME" in text or "/jvm/" in text:
            self.needs.ask(f"{where} names the folder of Java, and a JRE may have another")

    def script(self, text: str, path: str) -> None:
        name = java.named_in(text, building=True)
        if name:
            self.needs.block(f"{path} names {name}, which only a JDK has, or compiles with one")
        self.runs_java = self.runs_java or "java" in text

    def called(self, name: str, command: Command, line: int, starts: bool) -> bool:
        if java.only_in_jdk(name):
            self.needs.block(f"line {line} calls {name}, which only a JDK has")
        elif java.builds(name):
            self.needs.block(f"line {line} calls {name}, which compiles with the JDK, or may")
        elif name == "java":
            words = [word.value or word.raw for word in command.arguments]
            if any(word.endswith(".java") or word == "--source" for word in words):
                self.needs.block(f"line {line} starts java with a source file, which it compiles")
            elif any(word.startswith(_AGENTS) for word in words):
                self.needs.ask(f"line {line} loads an agent into Java, which may want what a JRE lacks")
            self._project(command)
            self.runs_java = self.runs_java or starts
        else:
            return False
        return True

    def _project(self, command: Command) -> None:
        """What the build file and the sources of the program name, where they are seen."""
        path = needed_java.started(command)
        project = java_project.of_archive(self.file, self.tree, path) if path else None
        if project is None:
            return
        against = java_project.named_only_in_jdk(self.tree.ask, project)
        if against:
            self.needs.block(against)
        elif project.sources and all(self.tree.ask.context(path) is not None for path in project.sources):
            self.needs.fact(f"{project.file} and the sources beside it name nothing that only a JDK has")

    def lacks(self, command: str) -> bool:
        return command in java.lost(self.image)

    def brings(self, package: str) -> bool:
        return java.brings_jdk(package)

    def ended(self, line: int, asked: bool) -> None:
        if not self.runs_java and not asked:
            self.needs.block(f"what line {line} starts is not seen to be Java, so it may be an image to build with")
