"""The states of a file and of what it becomes: an edit changes few instructions, so most states are those of before."""

from __future__ import annotations

import re
from typing import Final

from rewriter.knowledge import images
from rewriter.model.scope import CHANGING, State
from rewriter.syntax.nodes import Instruction

#: parts of the names of Windows base images
_WINDOWS: Final = (
    "windowsservercore",
    "nanoserver",
    "servercore",
    "/windows/",
    "microsoft/windows",
    "microsoft/iis",
    "/framework/",
)
#: the author's word to hadolint about the shell of the base image
_POWERSHELL: Final = re.compile(r"#\s*hadolint\s+shell\s*=\s*(?:powershell|pwsh|cmd)", re.IGNORECASE)


class States:
    """Works out each state once for all versions of a file, whose comments stay what they are."""

    def __init__(self) -> None:
        self._first: dict[str, State] = {}
        #: by the id of the state before and the instruction; with the state itself, so that the id stays its own
        self._after: dict[tuple[int, str, str], tuple[State, State]] = {}

    def first(self, image: str, source: str) -> State:
        """What a stage on this image starts with, in a file of this text."""
        found = self._first.get(image)
        if found is None:
            found = self._first[image] = _first(image, source)
        return found

    def after(self, state: State, instruction: Instruction, escape: str) -> State:
        """As :meth:`State.after`."""
        if instruction.name not in CHANGING:
            return state
        key = id(state), instruction.name, instruction.body.text
        known = self._after.get(key)
        if known is None:
            known = self._after[key] = state, state.after(instruction, escape)
        return known[1]


def _first(image: str, source: str) -> State:
    """Windows images have cmd or PowerShell as their shell; of some images it is known that their user is not root, or that
    they start in ``/``."""
    name = image.lower()
    windows = any(part in name for part in _WINDOWS)
    if windows or ("hadolint" in source.lower() and _POWERSHELL.search(source)):
        return State(shell=("cmd", "/S", "/C"))
    if images.starts_as_user(image):
        return State(user="")
    return State(workdir="/") if images.starts_in_root(image) else State()
