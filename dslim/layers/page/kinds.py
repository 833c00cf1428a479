"""What each kind of waste is called on the page, and what it means."""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """``label`` and ``meaning`` are for people. ``counted`` is False for what is worth a look, yet may well be needed."""

    label: str
    meaning: str
    counted: bool = True


_KINDS = {
    "deleted": Kind("deleted later", "A later layer hides these files; their bytes still ship."),
    "overwritten": Kind("overwritten later", "A later layer has the same path again, with other content."),
    "metadata": Kind(
        "copied for its mode or owner", "A later layer holds the same content again for its mode, owner or time."
    ),
    "cache": Kind("cache or index", "A package manager's index or download cache that no program of the image reads."),
    "duplicate": Kind("duplicate", "The same content lies in the image at another path."),
    "archive": Kind("archive", "An archive beside what came out of it."),
    "large": Kind("large file", "One of the largest files.", counted=False),
    "debug": Kind("debug symbols", "What a debugger reads, and no program.", counted=False),
    "static": Kind("static libraries", "What a linker reads, and no program.", counted=False),
    "headers": Kind("headers", "What a compiler reads, and no program.", counted=False),
    "docs": Kind("documentation", "Manuals and examples.", counted=False),
    "locales": Kind("locales", "Translations.", counted=False),
}


def kind(name: str) -> Kind:
    """The kind of that name; one that this page does not know is counted, under the name it has."""
    return _KINDS.get(name) or Kind(name.replace("-", " "), "")
