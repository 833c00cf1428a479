"""The names that a user may write: levels, transforms, phases. An unknown one is an error that suggests the nearest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from rewriter.rule import Phase, Safety

if TYPE_CHECKING:
    from rewriter.rule import Transform

LEVELS = tuple(level.name.lower() for level in sorted(Safety, reverse=True))
PHASES = {phase.name.lower(): phase for phase in Phase}
JOIN_RUNS = ("shipped", "when-it-saves", "off")
BASES = ("keep", "auto", "slim", "alpine")
FINALS = ("keep", "distroless", "scratch")


class Unknown(ValueError):
    """A word that is none of the known ones. The message names the nearest known word, or all of them when few."""


def unknown(word: str, known: Collection[str], kind: str) -> Unknown:
    """The error for ``word``, which is not a ``kind``."""
    from difflib import get_close_matches

    near = get_close_matches(word, known, n=1, cutoff=0.5)
    if near:
        return Unknown(f"unknown {kind} {word!r}; did you mean {near[0]!r}?")
    if 0 < len(known) <= 10:
        return Unknown(f"unknown {kind} {word!r}; known are {', '.join(known)}")
    return Unknown(f"unknown {kind} {word!r}")


def one_of(word: str, known: Collection[str], kind: str) -> str:
    """``word`` itself.

    Raises:
        Unknown: it is not among ``known``.
    """
    if word not in known:
        raise unknown(word, known, kind)
    return word


def safety(level: str) -> Safety:
    """The safety that a level's name stands for.

    Raises:
        Unknown: there is no such level.
    """
    return Safety[one_of(level, LEVELS, "level").upper()]


def split(words: Iterable[str]) -> tuple[str, ...]:
    """The names in words that may hold several, separated by commas."""
    return tuple(name for word in words for part in word.split(",") if (name := part.strip()))


def choose(pipeline: Sequence[Transform], select: Iterable[str], ignore: Iterable[str]) -> tuple[Transform, ...]:
    """The transforms of ``pipeline`` that are selected (all, when nothing is) and not ignored, in its order.

    Raises:
        Unknown: a name is neither a transform nor a phase.
    """
    wanted, unwanted = tuple(select), tuple(ignore)
    if not wanted and not unwanted:
        return tuple(pipeline)
    known = [*PHASES, *(transform.name for transform in pipeline)]
    for name in (*wanted, *unwanted):
        one_of(name, known, "transform or phase")
    return tuple(
        transform
        for transform in pipeline
        if (not wanted or _among(transform, wanted)) and not _among(transform, unwanted)
    )


def _among(transform: Transform, names: tuple[str, ...]) -> bool:
    return transform.name in names or transform.phase.name.lower() in names
