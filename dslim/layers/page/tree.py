"""What lies in each layer, added up by directory, and small enough to travel in a page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from dslim.images.image import hides
from dslim.page import line

if TYPE_CHECKING:
    from dslim.images.entry import Entry

DEEPEST = 64  # directories below one another; what lies deeper is one name that has slashes in it
LONGEST = 1_024  # characters of one name
BUDGET = 2_000_000  # bytes of the page that the names and sizes may take


class Node:
    """A layer, a directory, a file, or what is too small to be named (``name`` is "" then).

    ``bytes`` and ``files`` are sums of all below; ``wasted`` are bytes of these that need not be there. ``reasons`` are
    numbers that say why. ``children`` is None for what is no directory.
    """

    __slots__ = ("bytes", "children", "files", "name", "reasons", "wasted")

    def __init__(self, name: str, children: dict[str, Node] | None = None) -> None:
        self.name = name
        self.bytes = 0
        self.files = 0
        self.wasted = 0
        self.reasons: tuple[int, ...] = ()
        self.children = children


class Mark:
    """Why ``bytes`` at ``path`` need not be there: ``reason`` is a number, ``counted`` False for a mere hint."""

    __slots__ = ("bytes", "counted", "path", "reason")

    def __init__(self, path: str, size: int, reason: int, counted: bool) -> None:
        self.path = path
        self.bytes = size
        self.reason = reason
        self.counted = counted


def grown(entries: Iterable[Entry], total: int, marks: Iterable[Mark] = ()) -> Node:
    """The tree of one layer of ``total`` bytes. Whiteouts are no content; a path that is written twice counts as left.

    Docker counts the targets of symlinks in the layers that BuildKit did not make. The tree does so where ``total`` is
    more than all content.
    """
    top = Node("", {})
    links: list[tuple[Node, int]] = []
    content = 0
    for entry in entries:
        if not entry.path or hides(entry.path) is not None:
            continue
        node = _added(top, entry)
        content += node.bytes
        if entry.kind == "symlink":
            links.append((node, len(entry.link.encode("utf-8", "surrogateescape"))))
    if content < total:
        for node, length in links:
            node.bytes = length
    for mark in marks:
        _mark(top, mark)
    _sum(top)
    return top


def _added(top: Node, entry: Entry) -> Node:
    parent = top
    *folders, name = _names(entry.path)
    for folder in folders:
        parent = _inside(parent, folder)
    if entry.kind == "directory":
        return _inside(parent, name)
    node = Node(name)
    node.files = 1
    node.bytes = entry.size
    assert parent.children is not None
    parent.children[name] = node
    return node


def _names(path: str) -> list[str]:
    return [name for name in path.split("/", DEEPEST) if name] or ["/"]


def _inside(parent: Node, name: str) -> Node:
    """The directory ``name`` in ``parent``, made where it is missing or was something else."""
    assert parent.children is not None
    found = parent.children.get(name)
    if found is None or found.children is None:
        found = parent.children[name] = Node(name, {})
    return found


def _mark(top: Node, mark: Mark) -> None:
    node = _at(top, mark.path)
    if node is None:
        return
    if mark.reason not in node.reasons:
        node.reasons = (*node.reasons, mark.reason)
    if not mark.counted:
        return
    # No byte is counted twice, so marks add up. What is said of a directory are files in it that have no mark of their own.
    node.wasted += mark.bytes


def _at(top: Node, path: str) -> Node | None:
    node = top
    for name in _names(path):
        found = (node.children or {}).get(name)
        if found is None:
            return None
        node = found
    return node


def _sum(node: Node) -> None:
    if node.children is None:
        node.wasted = min(node.wasted, node.bytes)
        return
    below = 0
    for child in node.children.values():
        _sum(child)
        node.bytes += child.bytes
        node.files += child.files
        below += child.wasted
    if node.reasons and node.bytes and node.wasted >= node.bytes:
        _whole(node, node.reasons)
    node.wasted = min(node.wasted + below, node.bytes)


def _whole(node: Node, reasons: tuple[int, ...]) -> None:
    """All of a directory is waste: each file below is, for the directory's reasons unless it has its own."""
    node.wasted = node.bytes
    node.reasons = node.reasons or reasons
    for child in (node.children or {}).values():
        _whole(child, reasons)


def columns(layers: Sequence[Node], budget: int = BUDGET) -> dict[str, object]:
    """The trees as columns, in the order of a walk from the top, largest first.

    ``names``, ``bytes`` and ``depths`` have one value for each node; depth 0 is a layer. ``files`` has the directories
    (and what is too small to be named) with their number of files, ``wasted`` and ``reasons`` what has any, by position.
    ``hidden`` is the number of files that have no node of their own, ``smallest`` the size that none of them exceeds.
    """
    limit = _limit(layers, budget)
    names: list[str] = []
    sizes: list[int] = []
    depths: list[int] = []
    files: dict[int, int] = {}
    wasted: dict[int, int] = {}
    reasons: dict[int, tuple[int, ...]] = {}
    hidden = 0
    for layer in layers:
        for depth, node in _walk(layer, limit, 0):
            at = len(names)
            names.append(line(node.name, LONGEST))
            sizes.append(node.bytes)
            depths.append(depth)
            if node.children is not None or not node.name:
                files[at] = node.files
            if node.children is None and not node.name:
                hidden += node.files
            if node.wasted:
                wasted[at] = node.wasted
            if node.reasons:
                reasons[at] = node.reasons
    return {
        "names": names,
        "bytes": sizes,
        "depths": depths,
        "files": files,
        "wasted": wasted,
        "reasons": reasons,
        "hidden": hidden,
        "smallest": max(limit, 0),
    }


def _limit(layers: Sequence[Node], budget: int) -> int:
    """Only nodes that are larger than this many bytes are named, so that all their names fit into ``budget``.

    A directory is never smaller than what lies in it, so whatever is named has all its directories named. -1: all fit.
    """
    costs = sorted(((node.bytes, _cost(node)) for layer in layers for node in _all(layer)), reverse=True)
    spent = 0
    for size, cost in costs:
        spent += cost
        if spent > budget:
            return size
    return -1


def _cost(node: Node) -> int:
    """Bytes that the page needs for a node: its name as JSON in ASCII, numbers, commas, keys of the sparse columns."""
    directory = node.children is not None
    return len(json.dumps(node.name[:LONGEST])) + len(str(node.bytes)) + 5 + 20 * (directory + 2 * bool(node.wasted))


def _all(node: Node) -> Iterator[Node]:
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        if one.children:
            waiting += one.children.values()


def _walk(node: Node, limit: int, depth: int) -> Iterator[tuple[int, Node]]:
    yield depth, node
    small: list[Node] = []
    for child in sorted((node.children or {}).values(), key=lambda one: (-one.bytes, one.name)):
        if child.bytes > limit:
            yield from _walk(child, limit, depth + 1)
        else:
            small.append(child)
    if len(small) == 1 and small[0].children is None:
        yield depth + 1, small[0]  # a name costs no more than saying that there is one more
    elif small:
        yield depth + 1, _rest(small)


def _rest(small: list[Node]) -> Node:
    rest = Node("")
    rest.bytes = sum(one.bytes for one in small)
    rest.files = sum(one.files for one in small)
    rest.wasted = sum(one.wasted for one in small)
    rest.reasons = tuple(sorted({reason for one in small for reason in one.reasons}))[:8]
    return rest
