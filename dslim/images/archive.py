"""An image in a tar, read in one pass: what `docker save` writes, old and new, and an OCI layout in a tar.

The order of the parts is not known before: `docker save` writes layers first and says last which belong to the image. So
every blob is looked at as it comes by: a tar is read as a layer, of which only the entries stay; something small that is
neither is kept, since it may be the manifest or the configuration; what remains is passed over.
"""

from __future__ import annotations

import posixpath

from dslim.images import manifest
from dslim.images.image import Image
from dslim.images.layer import ReadLayer, read_layer
from dslim.images.streams import CHUNK, Peeked, Readable, compression, unpacked
from dslim.images.tar import FILE, HARDLINK, SYMLINK, Member, Tar, is_tar

_SMALL = 8 << 20  #: bytes of a document (manifest, configuration, index) at most
_MOST = 64 << 20  #: bytes of all documents at most


def read_archive(stream: Readable, name: str, compress: bool = False) -> Image:
    """The image in an archive that is read from front to end; the archive itself may be compressed. ``compress`` is as
    in :func:`dslim.images.layer.read_layer`.

    Raises:
        ImageTrouble: it holds no image, several, or one with parts missing.
        BrokenTar, EOFError, OSError, zlib.error, zstandard.ZstdError: it is broken.
    """
    parts = Parts(compress)
    tar = Tar(unpacked(Peeked(stream)))
    while (member := tar.next()) is not None:
        parts.add(tar, member)
    return manifest.assembled(parts, name)


class Parts:
    """What came by: documents by name, layers by name, and names that stand for others."""

    def __init__(self, compress: bool = False) -> None:
        self._compress = compress
        self._documents: dict[str, bytes] = {}
        self._layers: dict[str, ReadLayer] = {}
        self._links: dict[str, str] = {}
        self._room = _MOST

    def add(self, tar: Tar, member: Member) -> None:
        """Take in one member of the archive."""
        name = _normal(member.name)
        if member.type == SYMLINK:  # an old `docker save` links a layer that it has written already
            self._links[name] = posixpath.normpath(posixpath.join(posixpath.dirname(name), _normal(member.link)))
        elif member.type == HARDLINK:
            self._links[name] = _normal(member.link)
        elif member.type == FILE:
            self._file(name, member.size, Peeked(tar))

    def _file(self, name: str, size: int, content: Peeked) -> None:
        if compression(content.head) or is_tar(content.head):
            self._layers[name] = read_layer(content, self._compress)
        elif size <= min(_SMALL, self._room):
            self._room -= size
            self._documents[name] = b"".join(iter(lambda: bytes(content.read(CHUNK)), b""))

    def document(self, name: str) -> bytes | None:
        """The document of this name, None when there is none."""
        return self._documents.get(self._links.get(name, name))

    def layer(self, name: str) -> ReadLayer | None:
        """The layer of this name, None when there is none."""
        return self._layers.get(self._links.get(name, name))


def _normal(name: bytes) -> str:
    return posixpath.normpath(name.decode("utf-8", "surrogateescape"))
