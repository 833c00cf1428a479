"""The transforms: one file each, found by scanning this folder. A new file is a new transform; there is no list to edit.

``index.tsv`` is a copy of what the decorators say, so that a run loads only the transforms whose tools its files call. It is
made by ``make catalogue`` and checked by a test; a file that is not in it yet is simply loaded.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Final

from rewriter.rule import Ask, Decline, Find, Finding, Phase, Safety, Transform

if TYPE_CHECKING:
    from rewriter.model.file import File

_HERE: Final = os.path.dirname(__file__)
_INDEX: Final = os.path.join(_HERE, "index.tsv")


@cache
def pipeline() -> tuple[Transform, ...]:
    """All transforms, in the order in which they run: by phase, then by name. Each is loaded when it is first asked; their
    pages are empty (see :func:`loaded`)."""
    known = _indexed()
    return _ordered(known.get(stem) or _load(stem) for stem in _stems())


@cache
def loaded() -> tuple[Transform, ...]:
    """All transforms, loaded, each with its page: the docstring of its file."""
    for stem in _stems():
        _load(stem).page = _page(stem)
    return _ordered(map(_load, _stems()))


def index(transforms: tuple[Transform, ...]) -> str:
    """The text of ``index.tsv``: a line for each transform with name, phase, safety, "only" where it only shows, touches, tools,
    images, hadolint's rules."""
    return "".join(
        "\t".join(
            (
                one.name,
                one.phase.name,
                one.safety.name,
                "only" if one.only_shows else "",
                *(" ".join(sorted(names)) for names in (one.touches, one.tools, one.images, one.hadolint)),
            )
        )
        + "\n"
        for one in transforms
    )


def _stems() -> list[str]:
    return [name[:-3] for name in os.listdir(_HERE) if name.endswith(".py") and name != "__init__.py"]


def _ordered(found: Iterable[Transform]) -> tuple[Transform, ...]:
    return tuple(sorted(found, key=lambda transform: (transform.phase, transform.name)))


def _indexed() -> dict[str, Transform]:
    try:
        with open(_INDEX, encoding="utf-8") as lines:
            rows = [line.rstrip("\n").split("\t") for line in lines]
    except FileNotFoundError:
        return {}
    found: dict[str, Transform] = {}
    for name, phase, safety, only, touches, *sets in rows:
        stem = name.replace("-", "_")
        tools, images, rules = (frozenset(names.split()) for names in sets)
        changes = frozenset(touches.split())
        later = _later(found, stem)
        found[stem] = Transform(
            name, Phase[phase], changes, Safety[safety], tools, images, rules, "", later, only == "only"
        )
    return found


def _later(known: dict[str, Transform], stem: str) -> Find:
    """A function that puts the transform's own in its place when it is first called."""

    def find(file: File, ask: Ask) -> Iterator[Finding | Decline]:
        known[stem].find = _load(stem).find
        return known[stem].find(file, ask)

    return find


def _page(stem: str) -> str:
    import ast

    with open(os.path.join(_HERE, f"{stem}.py"), encoding="utf-8") as source:  # a compiled module has no docstring
        return ast.get_docstring(ast.parse(source.read()), clean=False) or ""


@cache
def _load(stem: str) -> Transform:
    found = getattr(import_module(f"transforms.{stem}"), stem)
    assert isinstance(found, Transform), f"transforms/{stem}.py does not define the transform {stem}"
    return found
