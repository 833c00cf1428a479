"""The proposal to start from the image beside one with a toolchain, which only runs what that makes. A person has to decide."""

from __future__ import annotations

from typing import NamedTuple

from rewriter.knowledge.unknown import Unknown
from rewriter.model import base_swap, style
from rewriter.model.file import File
from rewriter.model.needs import Needs, shortly
from rewriter.rule import Ask, Change, Decline, Finding, Safety


class Beside(NamedTuple):
    """The other image, with its tag. ``change`` writes it in the place of the old one, or says why not; ``fact`` is what makes it
    do, ``gone`` what it no longer has."""

    image: str
    change: Change | style.Refusal
    fact: str
    gone: str


def unknown(file: File, place: Unknown) -> Decline:
    """Why nothing is said of an image that may be one with a toolchain."""
    return Decline(base_swap.from_of(file), f"it is not known {place.why}")


def proposal(file: File, place: base_swap.From, needs: Needs, beside: Beside, ask: Ask) -> Finding | Decline:
    """The swap with its facts and questions, or the fact that stands against it."""
    if needs.blocks:
        return Decline(base_swap.from_of(file), shortly(needs.blocks))
    if isinstance(beside.change, style.Refusal):
        return Decline(base_swap.from_of(file), beside.change.why)
    base_swap.ask_for_arguments(place, needs, ask)
    return Finding(
        place.place,
        f"Start from {beside.image}",
        beside.change,
        Safety.SHOW,
        (beside.fact, *base_swap.because(needs, ""), f"no longer there: {beside.gone}"),
    )
