"""The stage that ships, as its image starts it: what every split begins with, whatever is built in it."""

from __future__ import annotations

from typing import NamedTuple

from rewriter.model import paths
from rewriter.model.copied import Copied
from rewriter.model.file import File, Stage, Step
from rewriter.model.run import Run
from rewriter.model.scope import State


class Installed(NamedTuple):
    """A toolchain that the file itself puts on an image without one. ``how`` tells in which way: "package", "archive" or "copy".
    ``version`` is None where nothing tells it. ``trees`` are the folders that it lies in, the first one its root. ``steps`` are
    the COPY and ADD that bring it, by their index; ``commands`` those of RUNs, by the index of their instruction and their
    place in it. ``files`` are archives of it, ``variables`` what tells which one to fetch."""

    how: str
    version: tuple[int, ...] | None
    trees: tuple[str, ...]
    steps: frozenset[int]
    commands: frozenset[tuple[int, int]]
    files: frozenset[str]
    variables: frozenset[str]

    def holds(self, path: str) -> bool:
        """True for what lies in the toolchain, and for an archive of it."""
        return path in self.files or any(paths.inside(path, one) for one in self.trees)


class Shipped(NamedTuple):
    """The shipped stage. ``steps`` have the state in force with the variables of the image in it; ``runs`` likewise, by the
    index of their instruction. ``end`` is the state after the last instruction. ``alpine`` is the release of the image,
    "latest" where the tag moves along, None on another system. ``starts`` is what the image starts by itself; ``toolchain`` the
    one that the file installs, None where the image is the toolchain's own."""

    file: File
    stage: Stage
    steps: tuple[Step, ...]
    runs: dict[int, Run]
    end: State
    alpine: str | None
    starts: tuple[str, ...] = ()
    toolchain: Installed | None = None


def shipped(
    file: File, state: State, alpine: str | None, stage: Stage | None = None, toolchain: Installed | None = None
) -> Shipped:
    """The last stage of a file, or another one, whose image starts it in ``state``, with those that it is built FROM."""
    stage = stage or file.stages[-1]
    steps: list[Step] = []
    runs: dict[int, Run] = {}
    for step in (step for one in reversed(stage.lineage) for step in one.steps[1:]):
        steps.append(Step(step.instruction, step.index, state))
        if step.name == "RUN":
            runs[step.index] = Run(step.instruction, step.index, state, stage, file)
        state = state.after(step.instruction, file.escape)
    return Shipped(file, stage, tuple(steps), runs, state, alpine, toolchain=toolchain)


def whole(file: File) -> Shipped:
    """The shipped stage and those that it is built FROM, as one; what their base sets is not in it."""
    lineage = file.stages[-1].lineage
    steps = tuple(step for stage in reversed(lineage) for step in stage.steps[1:])
    last = lineage[0].steps[-1]
    runs = {run.index: run for run in file.runs if run.stage in lineage}
    return Shipped(file, lineage[0], steps, runs, last.state.after(last.instruction, file.escape), None)


def unmodelled(copy: Copied, from_stages: bool = False) -> str:
    """Why a COPY or ADD of the builder is not followed, whatever is built, or "". ``from_stages``: what another stage has is."""
    if not copy.sources or not copy.target.startswith("/") or "$" in copy.target:
        return "where it copies to is not known"
    if copy.step.instruction.heredocs or (copy.flag("from") is not None and not from_stages):
        return "what it copies from another stage or a here-document may be what the program needs"
    owner = copy.flag("chown")
    if (owner is not None and "$" in (owner.value or "$")) or any(copy.flag(name) for name in ("exclude", "parents")):
        return "its flags are not modelled"
    return ""


class Against(Exception):
    """Why there is no split, and the step that says so. ``elsewhere`` is True when the context may be another folder than the
    one that is seen: then it counts as unseen."""

    def __init__(self, step: Step, why: str, elsewhere: bool = False) -> None:
        super().__init__(why)
        self.step = step
        self.why = why
        self.elsewhere = elsewhere
