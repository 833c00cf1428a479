"""Reading and writing files so that nothing is lost, whatever they turn out to be.

Reading never blocks and never raises: what is no readable file becomes a :class:`Trouble` with its cause.

Writing replaces a file in one step: the new text is written to a temporary file in the same folder, given the old
file's mode, owner and extended attributes, flushed to the disk, and renamed over it. Whoever looks, and whenever dslim
is killed, sees the old file or the new one. A link is followed, so that it stays a link.

A file with several hard links, or one whose owner we may not give away, cannot be renamed over without breaking just
that. It is written in place, after its old text was saved beside it and flushed to the disk; the saved text is deleted
when the new text is on the disk, and stays when dslim is killed in between.

Just before either step the file is read again: when it no longer holds what was rewritten, somebody else changed it,
and it is left alone.
"""

from __future__ import annotations

import os
import stat
from typing import NamedTuple

LARGEST = 128 * 2**20  # bytes; no Dockerfile is larger

_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOCTTY", 0)
_READ |= getattr(os, "O_BINARY", 0)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_OVER = os.O_WRONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)

_KINDS = {
    stat.S_IFDIR: "a directory",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


class Trouble(NamedTuple):
    """Why a file could not be read or written, in words for its owner. ``line`` counts from 1; 0 is unknown."""

    cause: str
    line: int = 0


def read(path: str, largest: int = LARGEST) -> bytes | Trouble:
    """The bytes of a regular file, following links; or why there are none. Never blocks, never raises."""
    try:
        kind = stat.S_IFMT(os.stat(path).st_mode)
        if kind != stat.S_IFREG:
            return _not_a_file(kind)
        handle = os.open(path, _READ)
        try:
            found = os.fstat(handle)
            if not stat.S_ISREG(found.st_mode):
                return _not_a_file(stat.S_IFMT(found.st_mode))
            if found.st_size > largest:
                return Trouble(f"larger than {largest:,} bytes")
            return _all(handle, largest)
        finally:
            os.close(handle)
    except FileNotFoundError:
        return Trouble("a link to nothing" if os.path.islink(path) else "no such file")
    except (OSError, ValueError) as error:
        return Trouble(cause_of(error))


def write(path: str, before: bytes, after: bytes) -> Trouble | None:
    """Make the file at ``path``, which held ``before``, hold ``after``. None when it does; else why it does not."""
    target = os.path.realpath(path)
    try:
        found = os.stat(target)
        if not stat.S_ISREG(found.st_mode):
            return _not_a_file(stat.S_IFMT(found.st_mode))
        if not os.access(target, os.W_OK):
            return Trouble("no permission to write")
        if found.st_nlink == 1:
            temporary = _beside(target)
            try:
                if _copied(temporary, after, target, found):
                    return _renamed(temporary, target, before, after)
            finally:
                _forget(temporary)
        return _in_place(target, before, after, found)
    except OSError as error:
        return Trouble(cause_of(error))


def cause_of(error: Exception) -> str:
    """What the system said, without its number and without the path that the reader knows already."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror[0].lower() + error.strerror[1:]
    return str(error)


def _not_a_file(kind: int) -> Trouble:
    return Trouble(f"{_KINDS.get(kind, 'something else')}, not a file")


def _all(handle: int, largest: int) -> bytes | Trouble:
    """What is left to read. A file may grow while it is read, hence the limit."""
    chunks: list[bytes] = []
    size = 0
    while chunk := os.read(handle, 1 << 20):
        chunks.append(chunk)
        size += len(chunk)
        if size > largest:
            return Trouble(f"larger than {largest:,} bytes")
    return b"".join(chunks)


def _beside(target: str) -> str:
    """A new name in the folder of ``target`` that no search for Dockerfiles finds."""
    return os.path.join(os.path.dirname(target), f".dslim-{os.urandom(6).hex()}.tmp")


def _changed_meanwhile(target: str, before: bytes, after: bytes) -> Trouble | None:
    """Trouble when the file holds neither what was read nor, by another of its names, what we are about to write."""
    now = read(target)
    if isinstance(now, Trouble):
        return now
    return None if now in (before, after) else Trouble("changed meanwhile, not overwritten")


def _copied(temporary: str, data: bytes, target: str, like: os.stat_result) -> bool:
    """Write ``data`` to a new file, like ``target`` in all else. False when the owner cannot be kept."""
    handle = os.open(temporary, _NEW, 0o600)
    try:
        if not _own(handle, like):
            return False
        _write_all(handle, data)
        _attributes(target, temporary)
        if hasattr(os, "fchmod"):
            os.fchmod(handle, stat.S_IMODE(like.st_mode))
        os.fsync(handle)
    finally:
        os.close(handle)
    return True


def _own(handle: int, like: os.stat_result) -> bool:
    if not hasattr(os, "fchown"):
        return True
    mine = os.fstat(handle)
    if (mine.st_uid, mine.st_gid) == (like.st_uid, like.st_gid):
        return True
    try:
        os.fchown(handle, like.st_uid, like.st_gid)
    except PermissionError:
        return False
    return True


def _attributes(source: str, target: str) -> None:
    """Copy extended attributes (access lists, labels), as far as the file system and our rights go."""
    if not hasattr(os, "listxattr"):
        return
    try:
        names = os.listxattr(source)
    except OSError:
        return
    for name in names:
        try:
            os.setxattr(target, name, os.getxattr(source, name))
        except OSError:
            continue


def _renamed(temporary: str, target: str, before: bytes, after: bytes) -> Trouble | None:
    if trouble := _changed_meanwhile(target, before, after):
        return trouble
    os.replace(temporary, target)
    _flush_folder(target)
    return None


def _in_place(target: str, before: bytes, after: bytes, like: os.stat_result) -> Trouble | None:
    """Overwrite the file itself, with its old text saved beside it until the new one is on the disk."""
    saved = _beside(target)
    handle = os.open(saved, _NEW, stat.S_IMODE(like.st_mode) & 0o700 | 0o600)
    try:
        _write_all(handle, before)
        os.fsync(handle)
    except BaseException:
        _forget(saved)
        raise
    finally:
        os.close(handle)
    _flush_folder(target)
    if trouble := _changed_meanwhile(target, before, after):
        _forget(saved)
        return trouble
    try:
        _overwrite(target, after)
    except OSError as error:
        return _restored(target, before, saved, cause_of(error))
    _forget(saved)
    return None


def _restored(target: str, before: bytes, saved: str, cause: str) -> Trouble:
    """Put the old text back after a failed overwrite; where even that fails, say where it is."""
    try:
        _overwrite(target, before)
    except OSError:
        return Trouble(f"{cause}; the old text is in {saved}")
    _forget(saved)
    return Trouble(cause)


def _overwrite(target: str, data: bytes) -> None:
    handle = os.open(target, _OVER)
    try:
        _write_all(handle, data)
        os.ftruncate(handle, len(data))
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_all(handle: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(handle, left) :]


def _flush_folder(target: str) -> None:
    """Make a rename outlive a power cut. Not every system can; the file is whole either way."""
    try:
        handle = os.open(os.path.dirname(target) or ".", os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)


def _forget(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return
