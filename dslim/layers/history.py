"""What an image's history says, as instructions: the builders write them down each in their own way."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from dslim.images.image import Step
from rewriter.lazy import lazy
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.syntax.dockerfile import KNOWN, Unreadable, read

_NOP = "/bin/sh -c #(nop) "  # the classic builder, in front of what is no RUN
_BUILDKIT = " # buildkit"  # BuildKit, behind what made a layer
_ARGUMENTS = re.compile(r"\|(\d+) ")  # both, in front of a RUN's shell: how many build arguments follow
_SHELL = re.compile(r"SHELL \[(.*)\]", re.DOTALL)


class Said(NamedTuple):
    """An instruction as the history has it. ``name`` is "" where it is none: an import, a commit. ``text`` is the
    instruction without what the builder added; "" where the history says nothing."""

    name: str
    text: str

    @property
    def body(self) -> str:
        """The text behind the instruction's name."""
        return self.text[len(self.name) :].strip() if self.name else ""


def said(history: Iterable[Step]) -> tuple[Said, ...]:
    """The instructions of a history, one for each step."""
    shell = "/bin/sh -c"
    found = []
    for step in history:
        one = _said(step.created_by or step.comment, shell)
        found.append(one)
        if one.name == "SHELL" and (words := _SHELL.match(one.text)):
            shell = " ".join(word.strip('",') for word in words[1].split())
    return tuple(found)


def _said(text: str, shell: str) -> Said:
    if text.startswith(_NOP):
        rest = text[len(_NOP) :].strip()
        name = rest.partition(" ")[0]
        return Said(name, rest) if name in KNOWN else Said("", rest)
    name, _, rest = text.partition(" ")
    if name in KNOWN:
        rest = rest.removesuffix(_BUILDKIT)
        return Said(name, f"{name} {_command(rest, shell) if name == 'RUN' else rest.strip()}")
    if text.startswith((shell + " ", "|")):
        return Said("RUN", f"RUN {_command(text, shell)}")
    return Said("", text.strip())


def _command(text: str, shell: str) -> str:
    """A RUN's command without the build arguments and the shell in front of it."""
    arguments = _ARGUMENTS.match(text)
    if arguments:
        rest = text[arguments.end() :]
        _, found, command = rest.partition(f" {shell} ")
        if found:
            return command.strip()
        # An exec form has no shell; where a value holds a blank, nobody can tell where the values end.
        return " ".join(rest.split(" ")[int(arguments[1]) :]).strip()
    return text.removeprefix(shell + " ").strip()


class Script:
    """The commands of an instruction: those of a RUN, none of others."""

    def __init__(self, instruction: Said) -> None:
        self.instruction = instruction

    @lazy
    def commands(self) -> tuple[Command, ...]:
        """Every command; none where the shell text cannot be read."""
        if self.instruction.name != "RUN":
            return ()
        try:
            file = File(read(f"FROM scratch\n{run(self.instruction.body)}"))
        except Unreadable:
            return ()
        return file.runs[0].commands if file.runs else ()

    @lazy
    def tools(self) -> frozenset[str]:
        return frozenset(command.tool for command in self.commands)


def run(body: str) -> str:
    """A RUN instruction with this shell text, lines and all. What looks like a here-document's start was one once: its
    text is in the history already, or lost."""
    if "\n" not in body and "<<" not in body:
        return f"RUN {body}\n"
    end = "EOF"
    while end in body:
        end += "F"
    return f"RUN <<'{end}'\n{body}\n{end}\n"
