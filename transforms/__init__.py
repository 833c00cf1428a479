"""The transforms: one file each, found by scanning this folder. A new file is a new transform; there is no list to edit."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path

from rewriter.rule import Transform


@cache
def pipeline() -> tuple[Transform, ...]:
    """All transforms, in the order in which they run: by phase, then by name."""
    found = [_load(path.stem) for path in Path(__file__).parent.glob("*.py") if path.stem != "__init__"]
    return tuple(sorted(found, key=lambda transform: (transform.phase, transform.name)))


def _load(stem: str) -> Transform:
    found = getattr(import_module(f"transforms.{stem}"), stem)
    assert isinstance(found, Transform), f"transforms/{stem}.py does not define the transform {stem}"
    return found
