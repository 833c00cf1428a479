"""Where an image comes from: a running engine, an archive, an OCI layout."""

from __future__ import annotations

import os
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from dslim.images.archive import read_archive
from dslim.images.engine import Engine
from dslim.images.image import Image
from dslim.images.layer import ReadLayer, read_layer
from dslim.images.manifest import assembled
from dslim.images.streams import Peeked, Readable
from dslim.images.tar import BrokenTar
from dslim.images.trouble import ImageTrouble

STDIN = "-"


def open_image(name_or_path: str, engine: Engine | None = None, compress: bool = False) -> Image:
    """The image of a `docker save` tar or an OCI layout (tar or folder) when there is such a path, of standard input for
    "-", else of the running engine.

    ``compress`` measures, with gzip, the compressed bytes of layers that their source holds uncompressed.

    It is read once from front to end. No layer is held in memory or written to disk: what stays are its entries.

    Raises:
        ImageTrouble: it cannot be had or read.
    """
    if name_or_path == STDIN:
        return _archive(cast(Readable, sys.stdin.buffer), "standard input", compress)
    if os.path.isdir(name_or_path) and is_layout(name_or_path):
        return _layout(name_or_path, compress)
    if os.path.isfile(name_or_path):
        with _readable(name_or_path), open(name_or_path, "rb") as file:
            return read_archive(cast(Readable, file), name_or_path, compress)
    return _saved(name_or_path, engine or Engine(), compress)


def is_layout(path: str) -> bool:
    """True for a folder that is an OCI layout."""
    return os.path.isfile(os.path.join(path, "index.json"))


def _saved(name: str, engine: Engine, compress: bool) -> Image:
    with engine.save(name) as stream:
        return _archive(cast(Readable, stream), name, compress)


def _archive(stream: Readable, name: str, compress: bool) -> Image:
    with _readable(name):
        return read_archive(stream, name, compress)


def _layout(path: str, compress: bool) -> Image:
    with _readable(path):
        return assembled(_Folder(path, compress), path)


@contextmanager
def _readable(name: str) -> Iterator[None]:
    """What goes wrong inside with the bytes that are read, as the one error that callers know."""
    try:
        yield
    except (BrokenTar, EOFError, zlib.error) as error:
        raise _broken(name, str(error) or "it ends too early") from None
    except OSError as error:  # what gzip finds wrong is one too
        cause = error.strerror or str(error)
        raise _broken(name, cause) if error.errno is None else ImageTrouble(name, cause, "make it readable") from None
    except Exception as error:
        # zstandard's error has no name before it is imported, and it is imported only where it is needed.
        if type(error).__module__.partition(".")[0] != "zstandard":
            raise
        raise _broken(name, str(error)) from None


def _broken(name: str, cause: str) -> ImageTrouble:
    return ImageTrouble(name, f"it is broken, or no image archive ({cause})", "save the image again")


class _Folder:
    """An OCI layout in a folder."""

    def __init__(self, path: str, compress: bool) -> None:
        self._path = path
        self._compress = compress

    def document(self, name: str) -> bytes | None:
        try:
            with open(os.path.join(self._path, name), "rb") as file:
                return file.read()
        except FileNotFoundError:
            return None

    def layer(self, name: str) -> ReadLayer | None:
        try:
            with open(os.path.join(self._path, name), "rb") as file:
                return read_layer(Peeked(cast(Readable, file)), self._compress)
        except FileNotFoundError:
            return None
