"""What each kind of waste is called on the page, and what it means."""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """``label`` and ``meaning`` are for people."""

    label: str
    meaning: str


_KINDS = {
    "deleted": Kind("deleted later", "A later layer hides these files; their bytes still ship."),
    "overwritten": Kind("overwritten later", "A later layer has the same path again, with other content."),
    "metadata": Kind(
        "copied for its mode or owner", "A later layer holds the same content again for its mode, owner or time."
    ),
    "cache": Kind("cache or index", "A package manager's index or download cache that no program of the image reads."),
    "duplicate": Kind("duplicate", "The same content lies in the image at another path."),
    "archive": Kind("archive", "An archive beside what came out of it."),
    "temporary": Kind("temporary", "What an instruction left in places for temporary files."),
    "large": Kind("large file", "One of the largest files."),
    "debug": Kind("debug symbols", "What a debugger reads, and no program."),
    "static": Kind("static libraries", "What a linker reads, and no program."),
    "headers": Kind("headers", "What a compiler reads, and no program."),
    "docs": Kind("documentation", "Manuals and examples."),
    "locales": Kind("locales", "Translations."),
}


def kind(name: str) -> Kind:
    """The kind of that name; one that this page does not know has the name that it came with."""
    return _KINDS.get(name) or Kind(name.replace("-", " "), "")
