"""The transforms: one file each, found by scanning this folder. A new file is a new transform; there is no list to edit."""

from __future__ import annotations

import os
from functools import cache
from importlib import import_module

from rewriter.rule import Transform


@cache
def pipeline() -> tuple[Transform, ...]:
    """All transforms, in the order in which they run: by phase, then by name."""
    files = os.listdir(os.path.dirname(__file__))
    found = [_load(name[:-3]) for name in files if name.endswith(".py") and name != "__init__.py"]
    return tuple(sorted(found, key=lambda transform: (transform.phase, transform.name)))


def _load(stem: str) -> Transform:
    found = getattr(import_module(f"transforms.{stem}"), stem)
    assert isinstance(found, Transform), f"transforms/{stem}.py does not define the transform {stem}"
    return found
