"""Images of which a split has nothing to say: they start nothing of their own, or a shell. Asked before anything is followed.

A decline is for an owner who could do something about it. What is there to build on, or to work in, keeps its tools on purpose.
"""

from __future__ import annotations

from typing import Final

from rewriter import posixpath
from rewriter.model.file import File, Step

_SHELLS: Final = frozenset("sh bash ash dash zsh".split())


def starts_nothing(file: File) -> bool:
    """True where the shipped stage, with those of the file below it, has no CMD and no ENTRYPOINT, or starts a shell without a
    script. False on an onbuild image, whose triggers may bring a CMD."""
    lineage = file.stages[-1].lineage
    if "onbuild" in lineage[-1].image:
        return False
    entry = command = None
    for stage in reversed(lineage):
        for step in stage.at_use:
            if step.name == "ENTRYPOINT":
                entry = step
            elif step.name == "CMD":
                command = step
    if entry is not None and entry.instruction.args == ():  # it takes that of the base away
        entry = None
    if entry is None:
        return command is None or _opens_a_shell(_words(command))
    given = _words(command) if command is not None and entry.instruction.args is not None else []
    return _opens_a_shell([*_words(entry), *given])


def _words(step: Step) -> list[str]:
    args = step.instruction.args
    return step.instruction.body.text.split() if args is None else list(args)


def _opens_a_shell(words: list[str]) -> bool:
    return bool(words) and posixpath.basename(words[0]) in _SHELLS and all(word.startswith("-") for word in words[1:])
