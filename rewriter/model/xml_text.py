"""XML of the build context: one document, without namespaces, and without anything that a reader would have to fetch or expand.

The standard library's reader is enough for that: a text with a DTD is not read, and what it could do to a reader (entities that
grow, files that are fetched) is all in a DTD. Source: https://docs.python.org/3/library/xml.html#xml-security.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def root(text: str) -> Element | None:
    """The outermost element; None for what is no XML, or has a DTD."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        return None
    from xml.etree import ElementTree  # here: few runs see XML

    try:
        found = ElementTree.fromstring(text.lstrip("\ufeff"))
    except (ElementTree.ParseError, ValueError):
        return None
    return found


def plain(element: Element) -> str:
    """The name of an element without its namespace; "" for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def below(element: Element | None, name: str) -> Element | None:
    """The first element of a name directly below."""
    return next((one for one in element if plain(one) == name), None) if element is not None else None


def everywhere(element: Element, name: str) -> Iterator[Element]:
    """The elements of a name, however deep."""
    for one in element.iter():
        if plain(one) == name:
            yield one


def said(element: Element | None, name: str) -> str:
    """The text of the first element of a name directly below, "" without one."""
    found = below(element, name)
    return "" if found is None else (found.text or "").strip()
