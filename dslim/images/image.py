"""An image: its configuration, its history, its layers, and the root file system that they give together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from dslim.images.entry import Entries, Entry

WHITEOUT = ".wh."  #: in front of a name: a lower layer's entry of that name is gone
OPAQUE = ".wh..wh..opq"  #: in a directory: nothing of a lower layer is seen in it
_META = ".wh..wh."  #: aufs kept notes of its own under such names

# Both: image-spec, layer.md, "Whiteouts" (https://github.com/opencontainers/image-spec/blob/main/layer.md#whiteouts).


class Layer(NamedTuple):
    """One layer.

    ``digest`` is the diff id: "sha256:" and the digest of the uncompressed tar. ``created_by`` is the history's text of
    the instruction, "" when the history does not say. ``bytes`` are counted as ``docker history`` does: the content of
    files, hard links once, and the length of symlink targets where BuildKit did not make the layer. ``compressed_bytes``
    are those of the blob; of an uncompressed one what gzip makes of it, None where that was not asked for. ``entries``
    are in the order of the tar, whiteouts included.
    """

    digest: str
    created_by: str
    bytes: int
    compressed_bytes: int | None
    entries: Entries


class Step(NamedTuple):
    """One step of the history. ``layer`` is the position in ``Image.layers``, None for a step that made no layer."""

    created_by: str
    layer: int | None
    created: str = ""
    comment: str = ""


class Image(NamedTuple):
    """An image.

    ``name`` is as it was asked for. ``config`` is the image configuration's ``config`` (Env, Cmd, Entrypoint ...) as
    its JSON says. ``history`` and ``layers`` count from the bottom.
    """

    name: str
    config: Mapping[str, Any]
    architecture: str
    os: str
    history: tuple[Step, ...]
    layers: tuple[Layer, ...]

    @property
    def bytes(self) -> int:
        """Uncompressed bytes of all layers: the ``Size`` of ``docker image inspect``."""
        return sum(layer.bytes for layer in self.layers)


def hides(path: str) -> tuple[str, bool] | None:
    """What a whiteout hides: (directory, True) for an opaque directory, (path, False) for one path below which nothing
    is seen either. None for a path that is no whiteout. ("", False) is a note of aufs, which hides nothing."""
    if WHITEOUT not in path:
        return None
    folder, _, name = path.rpartition("/")
    if not name.startswith(WHITEOUT):
        return None
    if name == OPAQUE:
        return folder, True
    if name.startswith(_META):
        return "", False
    name = name[len(WHITEOUT) :]
    return (f"{folder}/{name}" if folder else name), False


class Tree:
    """Paths of a root file system by directory, so that what lies below one is found without reading all others.

    It maps each path to a value of the caller's and knows nothing of entries.
    """

    def __init__(self) -> None:
        self._children: dict[str, dict[str, None]] = {}
        self._known: set[str] = set()

    def add(self, path: str) -> None:
        """Make ``path`` and the directories above it known."""
        while path not in self._known:
            self._known.add(path)
            if not path:
                return
            folder = path.rpartition("/")[0]
            self._children.setdefault(folder, {})[path] = None
            path = folder

    def below(self, path: str) -> list[str]:
        """All known paths below ``path``, without itself."""
        found: list[str] = []
        waiting = [path]
        while waiting:
            children = self._children.get(waiting.pop())
            if children:
                found += children
                waiting += children
        return found

    def remove(self, path: str) -> None:
        """Forget ``path`` and all below it."""
        for one in [*self.below(path), path]:
            self._children.pop(one, None)
            self._known.discard(one)
        children = self._children.get(path.rpartition("/")[0])
        if children:
            children.pop(path, None)


def flatten(image: Image) -> dict[str, Entry]:
    """The root file system that the layers give together, by path.

    Whiteouts and opaque directories hide what lower layers had, whatever their place in the tar; a path that stops
    being a directory takes along what was below it. A hard link becomes the file whose content it shares (``kind``
    "file", its own mode and owner as the tar has them); one whose target is nowhere stays what it is.
    """
    found: dict[str, Entry] = {}
    tree = Tree()
    for layer in image.layers:
        _hide(found, tree, layer.entries)
        for entry in layer.entries:
            if hides(entry.path) is not None:
                continue
            before = found.get(entry.path)
            if before is not None and before.kind == "directory" and entry.kind != "directory":
                for gone in tree.below(entry.path):
                    found.pop(gone, None)
                tree.remove(entry.path)
            tree.add(entry.path)
            found[entry.path] = _resolved(entry, found)
    return found


def _hide(found: dict[str, Entry], tree: Tree, entries: Entries) -> None:
    for path, below_only in whiteouts(entries):
        for gone in tree.below(path):
            found.pop(gone, None)
            if below_only:
                tree.remove(gone)
        if not below_only:
            found.pop(path, None)
            tree.remove(path)


def whiteouts(entries: Entries) -> Iterator[tuple[str, bool]]:
    """What a layer's whiteouts hide, as :func:`hides` says it."""
    for path in entries.paths():
        hidden = hides(path)
        if hidden and hidden != ("", False):
            yield hidden


def _resolved(entry: Entry, found: Mapping[str, Entry]) -> Entry:
    if entry.kind != "hardlink":
        return entry
    target = found.get(entry.link)
    if target is None or target.kind == "directory":
        return entry
    return entry._replace(
        kind=target.kind,
        size=target.size,
        digest=target.digest,
        link=target.link,
        xattrs=entry.xattrs or target.xattrs,
        device=target.device,
    )
