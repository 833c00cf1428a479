"""The answer of a look-up that the tables cannot answer."""

from __future__ import annotations

from typing import NamedTuple


class Unknown(NamedTuple):
    """``why`` names the fact that is missing, as a sentence."""

    why: str
