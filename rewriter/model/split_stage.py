"""The stage that ships, as its image starts it: what every split begins with, whatever is built in it."""

from __future__ import annotations

from typing import NamedTuple

from rewriter.model.file import File, Stage, Step
from rewriter.model.run import Run
from rewriter.model.scope import State


class Shipped(NamedTuple):
    """The shipped stage. ``steps`` have the state in force with the variables of the image in it; ``runs`` likewise, by the
    index of their instruction. ``end`` is the state after the last instruction. ``alpine`` is the release of the image,
    "latest" where the tag moves along, None on another system."""

    file: File
    stage: Stage
    steps: tuple[Step, ...]
    runs: dict[int, Run]
    end: State
    alpine: str | None


def shipped(file: File, state: State, alpine: str | None) -> Shipped:
    """The last stage of a file, whose image starts it in ``state``."""
    stage = file.stages[-1]
    steps: list[Step] = []
    runs: dict[int, Run] = {}
    for step in stage.steps[1:]:
        steps.append(Step(step.instruction, step.index, state))
        if step.name == "RUN":
            runs[step.index] = Run(step.instruction, step.index, state, stage, file)
        state = state.after(step.instruction, file.escape)
    return Shipped(file, stage, tuple(steps), runs, state, alpine)


class Against(Exception):
    """Why there is no split, and the step that says so. ``elsewhere`` is True when the context may be another folder than the
    one that is seen: then it counts as unseen."""

    def __init__(self, step: Step, why: str, elsewhere: bool = False) -> None:
        super().__init__(why)
        self.step = step
        self.why = why
        self.elsewhere = elsewhere
