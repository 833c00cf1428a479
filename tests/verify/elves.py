"""Makes ELF files that ask for an interpreter and for libraries, as far as a reader of segments looks."""

from __future__ import annotations

import struct
from collections.abc import Sequence

_HEADER, _SEGMENT = 64, 56
_LOAD, _DYNAMIC, _INTERP = 1, 2, 3
_NEEDED, _STRTAB, _STRSZ, _RPATH, _RUNPATH = 1, 5, 10, 15, 29
X86_64, AARCH64 = 62, 183


def elf(
    needed: Sequence[str] = (),
    interpreter: str = "",
    rpath: str = "",
    runpath: str = "",
    machine: int = X86_64,
) -> bytes:
    """A 64-bit little-endian ELF file whose addresses are its offsets."""
    strings = b"\0"
    tags: list[tuple[int, int]] = []
    for tag, word in [*((_NEEDED, name) for name in needed), (_RPATH, rpath), (_RUNPATH, runpath)]:
        if word:
            tags.append((tag, len(strings)))
            strings += word.encode() + b"\0"
    count = 3 if interpreter else 2
    dynamic_at = _HEADER + count * _SEGMENT
    dynamic_size = (len(tags) + 3) * 16
    strings_at = dynamic_at + dynamic_size
    interp_at = strings_at + len(strings)
    interp = interpreter.encode() + b"\0" if interpreter else b""
    end = interp_at + len(interp)
    tags += [(_STRTAB, strings_at), (_STRSZ, len(strings)), (0, 0)]
    segments = [(_LOAD, 0, end), (_DYNAMIC, dynamic_at, dynamic_size)]
    if interpreter:
        segments.append((_INTERP, interp_at, len(interp)))
    header = b"\x7fELF" + bytes([2, 1, 1]) + bytes(9)
    header += struct.pack("<HHIQQQIHHHHHH", 3, machine, 1, 0, _HEADER, 0, 0, _HEADER, _SEGMENT, count, 64, 0, 0)
    table = b"".join(
        struct.pack("<IIQQQQQQ", kind, 5, offset, offset, offset, size, size, 8) for kind, offset, size in segments
    )
    return header + table + b"".join(struct.pack("<QQ", *tag) for tag in tags) + strings + interp
