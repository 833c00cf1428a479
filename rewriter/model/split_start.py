"""The program that an image starts, by ENTRYPOINT and CMD."""

from __future__ import annotations

from typing import Final, NamedTuple

from rewriter import posixpath
from rewriter.model import paths
from rewriter.model.command import Command, command_of
from rewriter.model.file import Step
from rewriter.model.split_stage import Shipped
from rewriter.model.walk import Place, Walker
from rewriter.syntax.script import Opaque, Simple, Word
from rewriter.syntax.shell import read_shell

#: the shell's own commands, of which dash, busybox and bash understand the same here
OWN: Final = frozenset(
    "set exec cd echo printf test [ export unset shift exit return true false : sleep wait trap kill".split()
)
#: wrappers that are the same everywhere when they have no option
_BUILT_IN: Final = frozenset(("exec", "command", "env"))


class Start(NamedTuple):
    """``path`` is the program's absolute path, or its bare name when it is looked for in PATH; ``why`` says why there is
    none, or is "". ``shell`` is the one that is told to read it, "" where the system chooses."""

    step: Step
    path: str
    why: str = ""
    shell: str = ""


def starting(stage: Shipped) -> Step | None:
    """The instruction that says what the image starts. An empty ENTRYPOINT takes that of the base away."""
    last = {step.name: step for step in stage.steps if step.name in ("CMD", "ENTRYPOINT")}
    entry = last.get("ENTRYPOINT")
    return last.get("CMD") if entry is None or entry.instruction.args == () else entry


def start(step: Step, stage: Shipped) -> Start:
    """What the image starts by this CMD or ENTRYPOINT."""
    command = first_command(step, stage)
    if isinstance(command, str):
        return Start(step, "", command)
    tool = command.tool
    wrapper = next((word.raw for word in command.wrappers if word.raw not in _BUILT_IN and "=" not in word.raw), "")
    if wrapper:
        return Start(step, "", f"it starts {wrapper}, whose options the final stage may lack")
    if tool == "go":
        return Start(step, "", "it starts go run: the image needs the toolchain")
    if tool == "go-wrapper":
        return Start(step, "", "it starts go-wrapper, which only the golang image has")
    shell = tool in ("sh", "bash") and bool(command.arguments) and not command.arguments[0].raw.startswith("-")
    word = command.arguments[0] if shell else command.simple.words[command.head]
    name = paths.symbolic(word, stage.end)
    if name is None or "$" in name:
        return Start(step, "", f"what {word.raw} is cannot be known")
    return Start(step, resolved(f"./{name}" if shell and "/" not in name else name, stage), "", tool if shell else "")


def resolved(name: str, stage: Shipped) -> str:
    """A program's path seen from the last working directory; a bare name stays one."""
    if "/" not in name or name.startswith("/"):
        return posixpath.normpath(name)
    return posixpath.normpath(posixpath.join(stage.end.workdir or "/", name))


def first_command(step: Step, stage: Shipped) -> Command | str:
    """The one command of a CMD, ENTRYPOINT or the like, or why there is none."""
    arguments = step.instruction.args
    if arguments is not None:
        if not arguments:
            return "it starts nothing"
        if arguments[0] in ("sh", "/bin/sh") and arguments[1:2] == ("-c",) and len(arguments) == 3:
            return _alone(commands_of(arguments[2]))
        words = tuple(Word(0, 0, text, text) for text in arguments)
        return command_of(Simple(0, 0, (), words, ()), Place(own_shell=False), stage.end.workdir, False)
    return _alone(commands_of(step.instruction.body.text))


def _alone(commands: list[Command] | None) -> Command | str:
    """The command of a script that has no other."""
    if commands is None or len(commands) != 1 or not commands[0].simple.words:
        return "it starts a shell script of several commands"
    return commands[0]


def commands_of(text: str) -> list[Command] | None:
    """The commands of a piece of shell, None when it cannot be read."""
    script = read_shell(text)
    if isinstance(script, Opaque):
        return None
    found: list[Command] = []
    _Lister(found).script(script)
    return found


class _Lister(Walker):
    def __init__(self, found: list[Command]) -> None:
        super().__init__(None)
        self._found = found

    def met(self, command: Simple, place: Place) -> None:
        self._found.append(command_of(command, place, None, True))
