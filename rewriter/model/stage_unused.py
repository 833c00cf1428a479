"""Stages that the last one does not reach, and what says that somebody builds them all the same.

BuildKit and Buildah skip them. The classic builder builds all up to the target, and so does kaniko unless it is told otherwise
(its README, --skip-unused-stages).
"""

from __future__ import annotations

import re
from typing import Final

from rewriter.model.file import File, Stage
from rewriter.rule import Ask
from rewriter.syntax.nodes import Instruction

#: parts of the names of stages that are built by themselves: 20 of 39 named ones in a corpus of 8,901 files
_TARGETS: Final = frozenset(
    "test tests testing unittest unit e2e integration dev devel develop development debug debugger devcontainer lint linter fmt "
    "format check checks verify validate validation ci bench benchmark coverage cov docs doc base prod production release final "
    "runtime run runner deploy export dist binary binaries artifact artifacts update gen generate vendor tools local staging "
    "shell default app all".split()
)
_PARTS: Final = re.compile(r"[-_.]")
#: `--target dev`, `target: dev`, `targets = ["dev"]`, `<target>dev</target>`
_TARGET: Final = re.compile(r"target", re.IGNORECASE)


def against(file: File, stage: Stage, ask: Ask) -> str:
    """Why the stage has to stay, or ""."""
    return _by_name(file, stage) or _in_it(file, stage) or _around_it(file, stage) or _built(stage, ask)


def _in_it(file: File, stage: Stage) -> str:
    """What the stage does or is for, by its instructions."""
    line = file.line
    for step in stage.steps:
        if step.name == "RUN":
            return (
                f"line {line(step.span.start)} runs commands, perhaps as a check: the classic builder and kaniko fail with them, "
                "BuildKit skips them. Build the stage by its name (--target), or delete it"
            )
    own = next((step for one in stage.lineage for step in one.at_use), None)
    if own is not None:
        return f"it is an image of its own: line {line(own.span.start)} says what it does when it is used"
    if stage.image.lower() == "scratch" and len(stage.steps) > 1:
        return "it starts from scratch, as what is exported does (--target with --output)"
    return ""


def _around_it(file: File, stage: Stage) -> str:
    """Comments that would speak of nothing."""
    first, last = stage.steps[0].instruction, stage.steps[-1].instruction
    inside = [node for node in file.dockerfile.nodes if first.span.start <= node.span.start <= last.span.start]
    comments = any(
        node.comments if isinstance(node, Instruction) else node.span.of(file.source).strip() for node in inside
    )
    if comments or file.comments_above(first):
        return "comments speak of it, which are not deleted"
    return ""


def _by_name(file: File, stage: Stage) -> str:
    """Who may mean the stage by its name."""
    later = file.stages[stage.index + 1 :]
    chosen = next(
        (
            one
            for one in later
            if stage.name and "$" in one.image and stage.name.startswith(one.image.lower().partition("$")[0])
        ),
        None,
    )
    if chosen is not None:
        return (
            f"line {file.line(chosen.steps[0].span.start)} starts from a stage that an argument chooses: {chosen.image}"
        )
    trigger = next((one.image for one in later if stage.name and "onbuild" in one.image.lower()), "")
    if trigger:
        return f"triggers of {trigger} may copy from it"
    part = next((one for one in _PARTS.split(stage.name) if one in _TARGETS), "")
    if part:
        return f"{stage.name} is a name for what is built by itself (--target {stage.name})"
    return ""


def _built(stage: Stage, ask: Ask) -> str:
    """The file that builds it, as far as files are seen."""
    by = next((path for path, text in ask.building() or () if text is not None and _names(text, stage)), "")
    return f"{by} names a target and {stage.name or stage.index}" if by else ""


def _names(text: str, stage: Stage) -> bool:
    """True for a file that speaks of targets and has the name of the stage, or its number behind the word."""
    if not _TARGET.search(text):
        return False
    if re.search(rf"target\W{{0,4}}{stage.index}\b", text, re.IGNORECASE):
        return True
    return (
        bool(stage.name) and re.search(rf"(?<![\w-]){re.escape(stage.name)}(?![\w-])", text, re.IGNORECASE) is not None
    )


def questions(stage: Stage, ask: Ask) -> list[str]:
    """What a person must confirm."""
    called = f"{stage.name} or {stage.index}" if stage.name else str(stage.index)
    files = ask.building()
    asked = [f"was nothing of {stage.image} meant to be in the image? Only the last FROM and what it copies are"]
    unread = "" if files is None else next((path for path, text in files if text is None), "")
    if files is None or unread:
        asked.append(
            f"does nothing build the stage by itself (--target {called})? {unread or 'What builds the image'} is not seen"
        )
    return asked
