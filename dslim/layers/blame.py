"""Which line of a Dockerfile made which layer: its instructions laid beside the image's history."""

from __future__ import annotations

from typing import NamedTuple

from dslim.images.image import Image
from dslim.images.trouble import ImageTrouble
from dslim.layers.history import Said, said
from rewriter.model.file import File, Stage, Step
from rewriter.syntax.dockerfile import Unreadable, read


class Written(NamedTuple):
    """A Dockerfile: its ``path`` as it was given and its ``text``. ``target`` is the stage that was built, "" for the last."""

    path: str
    text: str
    target: str = ""


class Origin(NamedTuple):
    """Who made a layer. ``step`` is the position in the history, None where it does not say. ``line`` and ``end`` are the
    Dockerfile's lines, 0 where there is none; ``base`` is True for a layer that the Dockerfile took over with FROM."""

    said: Said
    step: int | None = None
    line: int = 0
    end: int = 0
    base: bool = False


class Blame(NamedTuple):
    """An origin for each layer, and a ``note``: why no lines are known although a Dockerfile was given, else ""."""

    origins: tuple[Origin, ...]
    note: str = ""


def blame(image: Image, written: Written | None = None) -> Blame:
    """Who made the layers of ``image``.

    The instructions of the stage that was built, and of those below it, are compared with the history from the last
    one backwards: by their names, and the RUNs by their commands too. Where one differs, the image is not of this
    Dockerfile and no line is named.

    Raises:
        ImageTrouble: the Dockerfile cannot be read, or has no such stage.
    """
    spoken = said(image.history)
    by_layer = {step.layer: at for at, step in enumerate(image.history) if step.layer is not None}
    steps = [by_layer.get(layer) for layer in range(len(image.layers))]
    plain = tuple(Origin(spoken[at] if at is not None else Said("", ""), at) for at in steps)
    if written is None:
        return Blame(plain)
    file = _file(written)
    lines, differs = _lines(file, _stage(file, written), spoken)
    if differs:
        return Blame(plain, f"{written.path}:{differs} is not in the history of this image, so no lines are named")
    found = []
    for origin in plain:
        if origin.step in lines:
            line, end = lines[origin.step]
            found.append(origin._replace(line=line, end=end))
        else:
            found.append(origin._replace(base=True))
    return Blame(tuple(found))


def _file(written: Written) -> File:
    try:
        return File(read(written.text))
    except Unreadable as error:
        raise ImageTrouble(written.path, f"no Dockerfile ({error})", "give a Dockerfile") from None


def _stage(file: File, written: Written) -> Stage:
    if not file.stages:
        raise ImageTrouble(written.path, "it has no FROM", "give a Dockerfile")
    if not written.target:
        return file.stages[-1]
    for stage in file.stages:
        if written.target.lower() in (stage.name, str(stage.index)):
            return stage
    raise ImageTrouble(written.path, f"it has no stage {written.target!r}", "name one of its stages")


def _lines(file: File, stage: Stage, spoken: tuple[Said, ...]) -> tuple[dict[int | None, tuple[int, int]], int]:
    """The lines of each step of the history, and the line of an instruction that is not there, 0 when all are."""
    instructions = [step for one in stage.lineage for step in reversed(one.steps) if step.name != "FROM"]
    found: dict[int | None, tuple[int, int]] = {}
    at = len(spoken) - 1
    for step in instructions:
        if step.name == "ONBUILD" and (at < 0 or spoken[at].name != "ONBUILD"):
            continue  # BuildKit does not write it down
        line = file.line(step.span.start)
        if at < 0 or not _same(file, step, spoken[at]):
            return {}, line
        found[at] = (line, file.line(max(step.span.start, step.span.end - 1)))
        at -= 1
    return found, 0


def _same(file: File, step: Step, spoken: Said) -> bool:
    if step.name != spoken.name:
        return False
    run = file.run_at.get(step.index)
    if run is None:
        return True
    if run.form == "exec":
        return _squeezed("".join(run.instruction.args or ())) == _squeezed(spoken.body)
    return _squeezed(run.visible.text) == _squeezed(spoken.body)


def _squeezed(text: str) -> str:
    """The text without blanks: a builder joins lines as it likes."""
    return "".join(text.split())
