"""Which packages an image variant has: a typed view of contents.toml. Known for the current Debian and Alpine releases."""

from __future__ import annotations

from functools import cache
from typing import Final

from rewriter.knowledge.tables import table
from rewriter.knowledge.unknown import Unknown

_IMAGES: Final = {"python": "python:3", "node": "node:lts"}


def packages(image: str, kind: str, release: str) -> frozenset[str] | Unknown:
    """The Debian packages of the full or slim variant of ``image`` on ``release``."""
    if image in _IMAGES:
        order = f"-{release}-slim" if image == "node" else f"-slim-{release}"
        name = _IMAGES[image] + (order if kind == "slim" else f"-{release}")
        found = _listed(name)
        if found is not None:
            return found
    return Unknown(f"which packages the {kind} variant of {image} on Debian {release or '?'} has")


def has(image: str, kind: str, release: str, package: str) -> bool | Unknown:
    """Whether the variant has the package."""
    found = packages(image, kind, release)
    return found if isinstance(found, Unknown) else package in found


@cache
def _listed(name: str) -> frozenset[str] | None:
    try:
        row = table("contents.toml", name)
    except KeyError:
        return None
    below = row.get("adds_to") or row.get("same_as")
    inherited = _listed(below) if below else frozenset()
    return None if inherited is None else inherited | frozenset(row["packages"].split())
