"""Stages that do not ship: nothing that is done there makes the image smaller."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rewriter.model.file import Stage
from rewriter.rule import Decline
from rewriter.text import Span

NOT_SHIPPED: Final = "this stage does not ship: its layers are not in the image, so nothing is gained"


class Unshipped:
    """What one transform says of such stages: one decline each, at the first smell."""

    def __init__(self) -> None:
        self._told: set[int] = set()

    def once(self, stage: Stage, at: Span) -> Iterator[Decline]:
        """The decline, unless it was given for this stage before."""
        if stage.index not in self._told:
            self._told.add(stage.index)
            yield Decline(at, NOT_SHIPPED)
