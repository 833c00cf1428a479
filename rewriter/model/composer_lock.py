"""composer.json and composer.lock: which extensions of PHP are wanted, by whom, and what runs with an installation.

Sources: https://getcomposer.org/doc/04-schema.md, https://getcomposer.org/doc/articles/scripts.md, and the lock files that
Composer 1 and 2 write.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

#: what ``composer install`` runs by itself
_HOOKS: Final = (
    "pre-install-cmd", "pre-autoload-dump", "post-autoload-dump", "post-install-cmd", "pre-update-cmd", "post-update-cmd",
    "post-root-package-install", "post-create-project-cmd",
)  # fmt: skip
_MANY: Final = 2000  # packages of one lock file


class Project(NamedTuple):
    """``extensions`` are those of PHP, each with who wants it; ``packages`` are the names of what is installed, () where no lock
    file is seen; ``commands`` are lines of shell that run with an installation; ``runs`` is True where the project's own PHP
    does."""

    extensions: tuple[tuple[str, str], ...]
    packages: tuple[str, ...]
    commands: tuple[str, ...]
    runs: bool


def read(manifest: str, lock: str | None, developing: bool) -> Project | None:
    """The texts of composer.json and composer.lock (None: there is none); None for one that cannot be read. ``developing``: what
    is wanted to develop is installed too."""
    project, locked = _object(manifest), {} if lock is None else _object(lock)
    if project is None or locked is None:
        return None
    keys = ("packages", "packages-dev") if developing else ("packages",)
    rows = [row for key in keys for row in _rows(locked.get(key))]
    if len(rows) > _MANY:
        return None
    wanting = [("composer.json", project)] + [(str(row.get("name", "?")), row) for row in rows]
    extensions = dict.fromkeys(
        (want.removeprefix("ext-"), name)
        for name, one in wanting
        for key in (("require", "require-dev") if developing and one is project else ("require",))
        for want in _table(one.get(key))
        if want.startswith("ext-")
    )
    scripts, seen = _table(project.get("scripts")), set[str]()
    lines = [line for hook in _HOOKS for line in _lines(scripts, hook, seen)]
    own = [line for line in lines if line.startswith("@php ") or "::" in line or "\\" in line]
    commands = tuple(line for line in lines if line not in own and not line.startswith("@"))
    return Project(tuple(extensions), tuple(name for name, _ in wanting[1:]), commands, bool(own))


def _lines(scripts: Mapping[str, object], name: str, seen: set[str]) -> Iterator[str]:
    """The lines of a script, with those of others that it names; of one that was ``seen`` before, none."""
    if name in seen:
        return
    seen.add(name)
    found = scripts.get(name)
    for line in found if isinstance(found, list) else [found]:
        if not isinstance(line, str):
            continue
        if line.startswith("@") and line[1:] in scripts:
            yield from _lines(scripts, line[1:], seen)
        else:
            yield line


def _object(text: str) -> dict[str, object] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _table(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _rows(value: object) -> list[dict[str, object]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
