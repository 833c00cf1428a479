"""What an image with Go in it is for: one to develop, test or build with keeps Go, whatever it weighs.

It is one when it starts no program of its own; a shell, or something that only keeps it alive; or the toolchain: go itself,
make, a dependency manager, a watcher, a test runner. ``go run`` is none of these: see go-run-at-start.
"""

from __future__ import annotations

from typing import NamedTuple

from rewriter.knowledge import golang
from rewriter.model.file import Step
from rewriter.model.go_stage import GoStage
from rewriter.model.go_start import first_command, starting

#: the beginning of what is said about such an image
KEPT = "it is an image to develop, test or build with"
_SHELLS = frozenset("sh bash ash dash zsh".split())


class Purpose(NamedTuple):
    """Why an image keeps Go, and the step that says so."""

    step: Step
    why: str


def purpose(stage: GoStage) -> Purpose | None:
    """Why the image is one to develop, test or build with; None when it may be one that runs a program."""
    step = starting(stage)
    if step is None:
        return Purpose(stage.stage.steps[0], f"{KEPT}: it has no CMD or ENTRYPOINT")
    command = first_command(step, stage)
    if isinstance(command, str):
        return None
    tool, words = command.tool, [word.raw for word in command.arguments]
    if tool in _SHELLS and all(word in ("-l", "-i", "-li", "-il", "--login") for word in words):
        return Purpose(step, f"{KEPT}: it starts {tool}")
    if tool in golang.names("commands", "idle"):
        return Purpose(step, f"{KEPT}: it starts {tool}, and no program")
    if tool == "go" and command.subcommand != "run":
        return Purpose(step, f"{KEPT}: it starts {f'go {command.subcommand}'.strip()}")
    if tool in golang.names("commands", "toolchain") - {"go"}:
        return Purpose(step, f"{KEPT}: it starts {tool}, which calls the toolchain")
    handed = _handed(step, stage)
    return Purpose(step, f"{KEPT}: CMD hands {handed} to its ENTRYPOINT") if handed else None


def _handed(entry: Step, stage: GoStage) -> str:
    """The tool of the toolchain that CMD hands to an ENTRYPOINT which starts it, or ""."""
    command = next((step for step in reversed(stage.steps) if step.name == "CMD"), None)
    words = command.instruction.args if command is not None and entry.name == "ENTRYPOINT" else None
    return words[0] if words and words[0] in ("go", "make") else ""
