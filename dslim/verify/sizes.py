"""What an image weighs: layers, bytes, compressed bytes, and bytes per instruction."""

from __future__ import annotations

import hashlib
import tarfile
import zlib
from collections.abc import Collection
from typing import NamedTuple

from dslim.images.engine import Engine
from dslim.images.image import Image

_CHUNK = 1 << 20
_LEVEL = 6  #: gzip's default, and what `docker push` uses


class Weighed(NamedTuple):
    """An instruction as the image's history has it, and the bytes of the layer that it made."""

    instruction: str
    bytes: int


class Side(NamedTuple):
    """One of the two images, before or after. ``compressed_bytes`` is None where it was not measured. All are 0 or empty
    for an image that was not built."""

    built: bool
    seconds: float = 0
    bytes: int = 0
    compressed_bytes: int | None = None
    layers: int = 0
    instructions: tuple[Weighed, ...] = ()
    failure: str = ""


def weigh(image: Image, seconds: float, compressed: dict[str, int]) -> Side:
    """The sizes of an image; ``compressed`` are bytes by diff id, for layers whose source does not say."""
    counts = [layer.compressed_bytes or compressed.get(layer.digest) for layer in image.layers]
    known = [count for count in counts if count is not None]
    return Side(
        True,
        seconds,
        image.bytes,
        sum(known) if len(known) == len(counts) else None,
        len(image.layers),
        tuple(Weighed(layer.created_by, layer.bytes) for layer in image.layers),
    )


def compress(engine: Engine, tag: str, wanted: Collection[str]) -> dict[str, int]:
    """Bytes of the layers with these diff ids when gzip has compressed them as `docker push` does, by diff id.

    Read from the engine's stream; nothing is held. A layer is known by the digest of its content, whatever its name is.

    Raises:
        ImageTrouble: the engine broke off.
    """
    found: dict[str, int] = {}
    names = {digest.partition(":")[2] for digest in wanted}
    if not names:
        return found
    with engine.save(tag) as stream, tarfile.open(fileobj=stream, mode="r|", bufsize=_CHUNK) as archive:
        for member in archive:
            name = member.name.rpartition("/")[2]
            if not member.isreg() or (len(name) == 64 and name not in names):
                continue
            content = archive.extractfile(member)
            assert content is not None, "a regular file has content"
            digest, packer, size = hashlib.sha256(), zlib.compressobj(_LEVEL, wbits=31), 0
            while chunk := content.read(_CHUNK):
                digest.update(chunk)
                size += len(packer.compress(chunk))
            if digest.hexdigest() in names:
                found[f"sha256:{digest.hexdigest()}"] = size + len(packer.flush())
    return found
