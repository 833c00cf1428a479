"""The record of `dslim layers` as the page reads it: the types of its JSON."""

from __future__ import annotations

from typing import TypedDict


class LayerFacts(TypedDict):
    """A layer. ``file`` and ``line`` are null where no Dockerfile was given, ``compressed_bytes`` where nobody knows."""

    digest: str
    instruction: str
    file: str | None
    line: int | None
    bytes: int
    compressed_bytes: int | None
    files: int


class WasteFacts(TypedDict):
    """Bytes that the image need not have.

    ``layer`` holds them and counts from 0 at the bottom; ``by`` is the later layer that hides them, null where nothing
    does. ``path`` is below /: a file, or a directory of which ``files`` are meant. ``counted`` is false for what is worth
    a look, yet may well be needed. No byte is counted by two entries.
    """

    kind: str
    layer: int
    path: str
    bytes: int
    files: int
    instruction: str
    by: int | None
    counted: bool
    cure: str | None


class Facts(TypedDict):
    """The whole record."""

    image: str
    total_bytes: int
    wasted_bytes: int
    efficiency: float
    layers: list[LayerFacts]
    waste: list[WasteFacts]
