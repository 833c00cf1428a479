"""Reading a tar from front to end, without a copy of its content.

Python's ``tarfile``, as a stream inside a stream, goes through several calls and copies for each member and each piece of
content: an image took it five times as long as this (docs/decisions/0013-images-are-streamed.md). This
reads what images have: POSIX (ustar, PAX) and GNU long names, and refuses the rest. Sources: tar(5) of libarchive, and
pax in POSIX.1-2017 (https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html).
"""

from __future__ import annotations

from typing import NamedTuple

from dslim.images.streams import CHUNK, Readable

BLOCK = 512
_LARGEST = 1 << 20  #: bytes of a PAX header or a long name at most
_MOST = (1 << 62) - 1  #: of any number in a header
_EMPTY = bytes(BLOCK)

FILE, HARDLINK, SYMLINK, CHARACTER, BLOCK_DEVICE, DIRECTORY, FIFO = b"0123456"[:7]
_CONTIGUOUS, _OLD_FILE = b"7\0"
_PAX, _PAX_GLOBAL, _LONG_NAME, _LONG_LINK, _SPARSE = b"xgLKS"
_KNOWN = frozenset(b"01234567\0")


class BrokenTar(Exception):
    """The bytes are no tar, end too early, or hold a member of a type that no image has."""


class Member(NamedTuple):
    """One member. ``type`` is the type flag's byte, one of FILE, DIRECTORY, ...; ``size`` are the bytes of its content.

    ``pax`` are the records of its PAX headers that are not fields of this tuple: extended attributes.
    """

    name: bytes
    type: int
    mode: int
    uid: int
    gid: int
    size: int
    mtime: int
    link: bytes
    device: tuple[int, int]
    pax: dict[bytes, bytes]


def is_tar(head: bytes) -> bool:
    """True when a stream with these first bytes is a tar, an empty one included."""
    if len(head) < BLOCK:
        return False
    return head[:BLOCK] == _EMPTY or _checked(head[:BLOCK])


class Tar:
    """A tar that is being read: :meth:`next` goes to the next member, :meth:`read` reads the present one's content."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._chunk = memoryview(b"")
        self._left = 0  # bytes of the present member's content that were not read
        self._padding = 0
        self._global: dict[bytes, bytes] = {}

    def next(self) -> Member | None:
        """The next member; None at the end.

        Raises:
            BrokenTar: see there.
        """
        name = link = b""
        pax = self._global
        while True:
            self._skip(self._left + self._padding)
            self._left = self._padding = 0
            header = self._exact(BLOCK, may_end=True)
            if not header or header == _EMPTY:  # the end are two such blocks, or the end of the stream
                return None
            if not _checked(header):
                raise BrokenTar("a header has a wrong checksum")
            size = _number(header[124:136])
            if not 0 <= size <= _MOST:
                raise BrokenTar("a header has a number that is out of range")
            kind = header[156]
            self._left, self._padding = size, -size % BLOCK
            if kind in _KNOWN:
                return self._member(header, kind, size, name, link, pax)
            if kind not in (_PAX, _PAX_GLOBAL, _LONG_NAME, _LONG_LINK):
                raise BrokenTar(f"a member of type {chr(kind)!r}, which images do not have")
            if size > _LARGEST:
                raise BrokenTar(f"a header of {size} bytes")
            text = self._exact(size)
            self._left = 0
            if kind == _LONG_NAME:
                name = text.rstrip(b"\0")
            elif kind == _LONG_LINK:
                link = text.rstrip(b"\0")
            elif kind == _PAX:
                pax = {**pax, **_records(text)}
            else:
                self._global = {**self._global, **_records(text)}
                pax = self._global

    def read(self, size: int, /) -> memoryview:
        """Up to ``size`` bytes of the present member's content; none only at its end. They are good until the next call.

        Raises:
            BrokenTar: the tar ends too early.
        """
        if not self._left:
            return memoryview(b"")
        if not self._chunk:
            self._fill()
        found = self._chunk[: min(size, self._left)]
        self._chunk = self._chunk[len(found) :]
        self._left -= len(found)
        return found

    def _member(self, header: bytes, kind: int, size: int, name: bytes, link: bytes, pax: dict[bytes, bytes]) -> Member:
        name = name or header[:100].partition(b"\0")[0]
        link = link or header[157:257].partition(b"\0")[0]
        if header[257:263] == b"ustar\0" and header[345]:
            name = header[345:500].partition(b"\0")[0] + b"/" + name
        uid, gid, mtime = _number(header[108:116]), _number(header[116:124]), _number(header[136:148])
        if pax:
            pax = dict(pax)
            name = pax.pop(b"path", name)
            link = pax.pop(b"linkpath", link)
            size = _decimal(pax.pop(b"size", b""), size)
            uid = _decimal(pax.pop(b"uid", b""), uid)
            gid = _decimal(pax.pop(b"gid", b""), gid)
            mtime = _decimal(pax.pop(b"mtime", b""), mtime)
        if kind in (_OLD_FILE, _CONTIGUOUS):
            kind = DIRECTORY if name.endswith(b"/") else FILE
        if kind != FILE:  # a link's or a directory's size is that of something else
            size = 0
        if size < 0 or max(size, uid, gid, abs(mtime)) > _MOST:
            raise BrokenTar("a header has a number that is out of range")
        self._left, self._padding = size, -size % BLOCK
        device = (0, 0)
        if kind in (CHARACTER, BLOCK_DEVICE):
            device = (_number(header[329:337]), _number(header[337:345]))
        return Member(name, kind, _number(header[100:108]), uid, gid, size, mtime, link, device, pax)

    def _fill(self) -> None:
        self._chunk = memoryview(self._stream.read(CHUNK))
        if not self._chunk:
            raise BrokenTar("it ends too early")

    def _skip(self, size: int) -> None:
        while size:
            if not self._chunk:
                self._fill()
            step = min(size, len(self._chunk))
            self._chunk = self._chunk[step:]
            size -= step

    def _exact(self, size: int, may_end: bool = False) -> bytes:
        """``size`` bytes; none at the end of the stream when that ``may_end`` here."""
        if len(self._chunk) >= size:
            found = bytes(self._chunk[:size])
            self._chunk = self._chunk[size:]
            return found
        parts = [bytes(self._chunk)]
        missing = size - len(self._chunk)
        while missing:
            self._chunk = memoryview(self._stream.read(CHUNK))
            if not self._chunk:
                if may_end and missing == size:
                    return b""
                raise BrokenTar("it ends too early")
            parts.append(bytes(self._chunk[:missing]))
            self._chunk = self._chunk[missing:]
            missing -= len(parts[-1])
        return b"".join(parts)


def _checked(header: bytes) -> bool:
    """True when a header's checksum is right."""
    try:
        expected = _number(header[148:156])
    except BrokenTar:
        return False
    return sum(header) - sum(header[148:156]) + 256 == expected


def _number(field: bytes) -> int:
    """A numeric field: octal digits, or in base 256 where the first bit is set (GNU, star)."""
    if field[0] & 0x80:
        value = int.from_bytes(field, "big", signed=False)
        bits = 8 * len(field)
        return value - (1 << bits) if field[0] == 0xFF else value & ((1 << (bits - 1)) - 1)
    try:
        return int(field.strip(b"\0 ") or b"0", 8)
    except ValueError:
        raise BrokenTar("a header has a field that is no number") from None


def _decimal(text: bytes, otherwise: int) -> int:
    """A number of a PAX record, without its fraction."""
    if not text:
        return otherwise
    try:
        return int(text.partition(b".")[0])
    except ValueError:
        raise BrokenTar("a PAX header has a record that is no number") from None


def _records(text: bytes) -> dict[bytes, bytes]:
    """The records of a PAX header: "length key=value" and a newline each; the length counts all of it."""
    found: dict[bytes, bytes] = {}
    while text.strip(b"\0"):
        length, _, _ = text.partition(b" ")
        end = int(length) if length.isdigit() else 0
        record = text[len(length) + 1 : end - 1]
        key, equals, value = record.partition(b"=")
        if not end or not equals or len(text) < end:
            raise BrokenTar("a PAX header is broken")
        if key.startswith(b"GNU.sparse"):
            raise BrokenTar("a sparse file, which images do not have")
        found[key] = value
        text = text[end:]
    return found
