"""What a HEALTHCHECK calls beside the program, and the packages that bring it."""

from __future__ import annotations

from typing import Final, NamedTuple

from rewriter import posixpath
from rewriter.model.file import Step
from rewriter.model.split_final import Refused
from rewriter.model.split_start import commands_of


class System(NamedTuple):
    """The system of the final stage: ``alpine`` is True for Alpine, ``from_alpine`` when the builder is, too; ``packages`` are
    those that it gets."""

    alpine: bool
    from_alpine: bool
    packages: tuple[str, ...]


#: the shell's own commands, and busybox's of the same meaning
_ANYWHERE: Final = frozenset("exit test [ echo true false :".split())


def packages(step: Step, own: list[str], installed: list[str], system: System) -> list[str]:
    """The packages that a HEALTHCHECK needs. ``own`` are the programs that go along, by their paths; ``installed`` the packages
    of the builder.

    Raises:
        Refused: it calls what the final stage may lack.
    """
    kind, _, text = step.instruction.body.text.partition(" ")
    if kind.upper() == "NONE":
        return []
    text = text.strip()
    if kind.upper() != "CMD" or text.startswith("["):
        text = " ".join(text.strip("[]").replace('"', " ").replace(",", " ").split())
    commands = commands_of(text)
    if commands is None:
        raise Refused("what HEALTHCHECK calls is not known")
    found: list[str] = []
    for command in commands:
        name = command.simple.words[command.head].value if command.simple.words else None
        ours = name in own or command.tool in {posixpath.basename(one) for one in own}
        if command.wrappers:
            raise Refused(f"HEALTHCHECK calls {command.wrappers[0].raw}, whose options other systems lack")
        if ours or command.tool in _ANYWHERE:
            continue
        if not system.alpine and command.tool in system.packages:
            continue
        if not system.alpine and command.tool in installed:
            found.append(command.tool)
            continue
        if not system.alpine:
            raise Refused(f"HEALTHCHECK calls {command.tool or text}, which the final stage may lack")
        if command.tool == "curl" and (not system.from_alpine or "curl" in installed):
            found.append("curl")
        elif command.tool == "wget":
            found += [] if system.from_alpine and "wget" not in installed else ["wget"]
        else:
            raise Refused(f"HEALTHCHECK calls {command.tool or text}, which the final stage may lack")
    return found
