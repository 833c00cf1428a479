"""What a HEALTHCHECK calls beside the program, and the packages that bring it."""

from __future__ import annotations

import posixpath

from rewriter.model.file import Step
from rewriter.model.go_plan import Plan, Refused
from rewriter.model.go_start import commands_of

#: the shell's own commands, and busybox's of the same meaning
_ANYWHERE = frozenset("exit test [ echo true false :".split())


def packages(plan: Plan, step: Step) -> list[str]:
    """The packages that a HEALTHCHECK needs."""
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
        own = name in plan.programs or command.tool in {posixpath.basename(one) for one in plan.programs}
        if command.wrappers:
            raise Refused(f"HEALTHCHECK calls {command.wrappers[0].raw}, whose options other systems lack")
        if own or command.tool in _ANYWHERE:
            continue
        alpine = plan.stage.alpine is not None
        if not plan.needs.alpine and command.tool in plan.needs.packages:
            continue
        if not plan.needs.alpine:
            raise Refused(f"HEALTHCHECK calls {command.tool or text}, which the final stage may lack")
        if command.tool == "curl" and (not alpine or "curl" in plan.traces.packages):
            found.append("curl")
        elif command.tool == "wget":
            found += [] if alpine and "wget" not in plan.traces.packages else ["wget"]
        else:
            raise Refused(f"HEALTHCHECK calls {command.tool or text}, which the final stage may lack")
    return found
