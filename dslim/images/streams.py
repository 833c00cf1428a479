"""Byte streams that are read once, from front to end: what their first bytes say, and what they say unpacked."""

from __future__ import annotations

from typing import IO, Protocol, TypeAlias, cast

GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
CHUNK = 1 << 20
_HEAD = 1024

Bytes: TypeAlias = "bytes | memoryview"


class Readable(Protocol):
    """All that is asked of a stream. Fewer bytes than asked for are no end; none are."""

    def read(self, size: int, /) -> Bytes: ...


class Peeked:
    """A stream whose first bytes (``head``) can be looked at before it is read. ``count`` are the bytes read of it."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self.head = b""
        while len(self.head) < _HEAD:
            more = stream.read(_HEAD - len(self.head))
            if not more:
                break
            self.head += more
        self._rest = self.head
        self.count = 0

    def read(self, size: int, /) -> Bytes:
        """Up to ``size`` bytes; none only at the end."""
        found: Bytes
        if self._rest:
            found, self._rest = self._rest[:size], self._rest[size:]
        else:
            found = self._stream.read(size)
        self.count += len(found)
        return found


def compression(head: bytes) -> str:
    """Returns "gzip", "zstd" or "" by a stream's first bytes."""
    if head.startswith(GZIP):
        return "gzip"
    return "zstd" if head.startswith(ZSTD) else ""


def unpacked(stream: Peeked) -> Readable:
    """The stream without its compression, if it has one."""
    kind = compression(stream.head)
    if not kind:
        return stream
    source = cast("IO[bytes]", _Solid(stream))  # both readers only read
    if kind == "gzip":
        import gzip

        return cast(Readable, gzip.GzipFile(fileobj=source, mode="rb"))
    import zstandard

    return cast(Readable, zstandard.ZstdDecompressor().stream_reader(source, read_across_frames=True))


class Gzipped:
    """A stream that is compressed as it is read, only to know its size: with gzip's default level, as `docker push` does."""

    def __init__(self, stream: Readable) -> None:
        import zlib

        self._stream = stream
        self._packer = zlib.compressobj(6, wbits=31)
        self._size = 0

    def read(self, size: int, /) -> Bytes:
        """Up to ``size`` bytes of the stream itself; none only at the end."""
        found = self._stream.read(size)
        self._size += len(self._packer.compress(found))
        return found

    def size(self) -> int:
        """Bytes of all that was read, compressed. Nothing may be read after that."""
        self._size += len(self._packer.flush())
        return self._size


class _Solid:
    """A stream whose bytes are bytes: what decompresses joins them with others."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream

    def read(self, size: int = -1, /) -> bytes:
        return bytes(self._stream.read(size if size >= 0 else CHUNK))
