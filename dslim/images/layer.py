"""Reading one layer's tar: a pass over its bytes, of which only the list of entries stays."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from dslim.images.entry import Entries, Entry
from dslim.images.streams import CHUNK, Gzipped, Peeked, compression, unpacked
from dslim.images.tar import BLOCK_DEVICE, CHARACTER, DIRECTORY, FIFO, FILE, HARDLINK, SYMLINK, Member, Tar

_KINDS = {
    FILE: "file",
    DIRECTORY: "directory",
    SYMLINK: "symlink",
    HARDLINK: "hardlink",
    CHARACTER: "character",
    BLOCK_DEVICE: "block",
    FIFO: "fifo",
}
_XATTR = b"SCHILY.xattr."  # the PAX records in which Docker, star and GNU tar keep extended attributes
_EMPTY = hashlib.sha256().hexdigest()


class ReadLayer(NamedTuple):
    """What one pass over a layer gives.

    ``content`` are bytes of the content of files, hard links once; ``links`` are bytes of the targets of symlinks;
    ``compressed_bytes`` are those of the blob; of one that is not compressed what gzip makes of it, None where that was
    not asked for.
    """

    entries: Entries
    content: int
    links: int
    compressed_bytes: int | None


def read_layer(stream: Peeked, compress: bool = False) -> ReadLayer:
    """Read a layer to its end, whatever its compression. ``compress`` measures what gzip would make of a layer that is
    not compressed; it takes most of the time then.

    Raises:
        BrokenTar, EOFError, OSError, zlib.error, zstandard.ZstdError: it is broken.
    """
    packed = bool(compression(stream.head))
    gzipped = Gzipped(stream) if compress and not packed else None
    tar = Tar(gzipped or unpacked(stream))
    entries = Entries()
    content = links = 0
    seen: set[int] = set()
    while (member := tar.next()) is not None:
        entry = _entry(tar, member)
        entries.append(entry)
        seen.add(hash(entry.path))
        content += entry.size
        if entry.kind == "symlink":
            links += len(member.link)
    while (gzipped or stream).read(CHUNK):  # padding behind the tar's end
        pass
    if len(seen) < len(entries):
        content, links = _recounted(entries)
    size = gzipped.size() if gzipped else stream.count if packed else None
    return ReadLayer(entries, content, links, size)


def _recounted(entries: Entries) -> tuple[int, int]:
    """Content and links of a tar in which a path stands twice: the last one counts, unless a hard link holds on to the
    first."""
    shares: dict[str, int] = {}  # path -> position of the entry that has its content
    for at, entry in enumerate(entries):
        shares[entry.path] = shares.get(entry.link, at) if entry.kind == "hardlink" else at
    counting = [entries[at] for at in set(shares.values())]
    links = sum(len(one.link.encode("utf-8", "surrogateescape")) for one in counting if one.kind == "symlink")
    return sum(one.size for one in counting), links


def _entry(tar: Tar, member: Member) -> Entry:
    kind = _KINDS[member.type]
    return Entry(
        _path(_text(member.name)),
        kind,
        member.mode & 0o7777,
        member.uid,
        member.gid,
        member.size,
        member.mtime,
        "" if not member.link else _text(member.link) if kind == "symlink" else _path(_text(member.link)),
        _digest(tar, member.size) if kind == "file" else "",
        _xattrs(member.pax) if member.pax else (),
        member.device,
    )


def _digest(tar: Tar, size: int) -> str:
    if not size:
        return _EMPTY
    digest = hashlib.sha256(tar.read(CHUNK))
    while chunk := tar.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _text(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")


def _path(name: str) -> str:
    """The name without "./", and without slashes at its ends."""
    while name.startswith("./"):
        name = name[2:].lstrip("/")
    name = name.strip("/")
    return "" if name == "." else name


def _xattrs(pax: dict[bytes, bytes]) -> tuple[tuple[str, bytes], ...]:
    return tuple(sorted((_text(name[len(_XATTR) :]), value) for name, value in pax.items() if name.startswith(_XATTR)))
