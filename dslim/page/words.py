"""Text of strangers as HTML: paths, histories and names are shown, never obeyed."""

from __future__ import annotations

import html
import re

from dslim.terminal import inert

WIDEST = 4_000  # characters of one text that a page shows; a here-document in a RUN can be of any length

# What inert leaves, yet XML and HTML have no place for.
_NOT_SHOWN = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")


def plain(value: str, widest: int = WIDEST) -> str:
    """``value`` as text that any browser and any file can hold.

    What reorders, hides or breaks text, and bytes that are no UTF-8, are written as escapes; newlines and tabs stay.
    What is longer than ``widest`` characters is cut, and says so.
    """
    if len(value) > widest:
        value = f"{value[:widest]}… ({len(value):,} characters)"
    return _NOT_SHOWN.sub(lambda found: f"\\u{ord(found.group()):04x}", inert(value))


def line(value: str, widest: int = WIDEST) -> str:
    """``value`` as :func:`plain` gives it, on one line: a path may hold any character but NUL."""
    return plain(value, widest).replace("\n", "\\n").replace("\t", "\\t")


def text(value: str, widest: int = WIDEST) -> str:
    """``value`` for HTML, between tags and within quoted attributes."""
    return html.escape(plain(value, widest))


def number(count: int) -> str:
    """A count for people."""
    return f"{count:,}"


def percent(part: float, whole: float) -> str:
    """A share for people, as "12.3 %"; of nothing, "0 %". What is little, but not nothing, is never called 0."""
    if not part or not whole:
        return "0 %"
    share = 100 * part / whole
    return "< 0.1 %" if 0 < share < 0.05 else f"{share:.1f} %"
