"""What an ELF file asks for before it runs: its interpreter and its shared libraries, and where these are looked for.

Read with pyelftools, from the segments: a stripped file has no sections. The search is that of ld.so(8) of glibc and of
musl's dynlink.c, each by its own rules.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from io import BytesIO
from typing import Any, NamedTuple

from dslim.images.entry import Entry
from dslim.verify.compare import environment
from dslim.verify.places import Root

MAGIC = b"\x7fELF"
#: musl's loader is its own C library, and takes these names for itself
_MUSL_OWN = re.compile(r"^lib(c|pthread|rt|m|dl|util|xnet)\.so(\.|$)|^libc\.musl-")
_MANY = 500  #: libraries of one program


class Elf(NamedTuple):
    """One ELF file: loader ("" for a static one and for a library), names of needed libraries, the two search paths, and
    what a library must have in common with it."""

    interpreter: str
    needed: tuple[str, ...]
    rpath: tuple[str, ...]
    runpath: tuple[str, ...]
    machine: str
    bits: int


def read_elf(data: bytes) -> Elf | None:
    """The ELF file in ``data``; None when it is none, or broken."""
    if not data.startswith(MAGIC):
        return None
    from elftools.common.exceptions import ELFError
    from elftools.construct import ConstructError
    from elftools.elf.dynamic import DynamicSegment
    from elftools.elf.elffile import ELFFile
    from elftools.elf.segments import InterpSegment

    interpreter = ""
    needed: list[str] = []
    paths: dict[str, tuple[str, ...]] = {}
    try:
        file = ELFFile(BytesIO(data))
        for segment in file.iter_segments():
            if isinstance(segment, InterpSegment):
                interpreter = segment.get_interp_name()
            if not isinstance(segment, DynamicSegment):
                continue
            tags: Iterable[Any] = segment.iter_tags()  # what a tag's value is called depends on the tag
            for tag in tags:
                if tag.entry.d_tag == "DT_NEEDED":
                    needed.append(str(tag.needed))
                elif tag.entry.d_tag in ("DT_RPATH", "DT_RUNPATH"):
                    word = tag.rpath if tag.entry.d_tag == "DT_RPATH" else tag.runpath
                    paths[tag.entry.d_tag] = tuple(part for part in str(word).split(":") if part)
        machine, bits = str(file["e_machine"]), int(file.elfclass)
    except (ELFError, ConstructError, UnicodeDecodeError, KeyError, ValueError, AssertionError):
        return None
    return Elf(interpreter, tuple(needed), paths.get("DT_RPATH", ()), paths.get("DT_RUNPATH", ()), machine, bits)


def lacking(root: Root, program: Entry) -> list[str]:
    """What the dynamic program, or library, does not find in its image, each in a few words. Empty when it would load."""
    data = root.contents(program.path)
    first = read_elf(data) if data is not None else None
    if first is None:
        return []
    loader = first.interpreter
    if loader and root.file(loader) is None:
        return [f"/{program.path}: its interpreter {loader} is missing"]
    return list(_Walk(root, _is_musl(root, loader), first).missing(program, first))


class _Walk:
    """The libraries of one program, breadth first as a loader loads them."""

    def __init__(self, root: Root, musl: bool, program: Elf) -> None:
        self.root = root
        self.musl = musl
        self.program = program
        self.standard = _musl_folders(root, program) if musl else _glibc_folders(root)
        told = environment(root.config).get("LD_LIBRARY_PATH", "")
        self.told = [part for part in re.split("[:;]", told) if part]
        self.read: dict[str, Elf | None] = {}

    def missing(self, program: Entry, first: Elf) -> Iterator[str]:
        seen: set[str] = set()
        #: who needs, at which path, and the RPATHs of those that brought it in
        waiting = [(program.path, first, self._rpath(program.path, first))]
        while waiting and len(seen) < _MANY:
            path, elf, inherited = waiting.pop(0)
            for name in elf.needed:
                if name in seen or (self.musl and _MUSL_OWN.search(name)):
                    continue
                seen.add(name)
                found = self._find(name, path, elf, inherited)
                if found is None:
                    yield f"/{path}: the library {name} is missing"
                    continue
                library = self._elf(found.path)
                if library is not None:
                    waiting.append((found.path, library, [*self._rpath(found.path, library), *inherited]))

    def _find(self, name: str, by: str, elf: Elf, inherited: list[str]) -> Entry | None:
        if "/" in name:
            return self.root.file(self.root.absolute(_expanded(name, by)))
        runpath = [_expanded(part, by) for part in elf.runpath]
        if self.musl:
            folders = [*self.told, *runpath, *inherited, *self.standard]
        else:
            folders = [*([] if elf.runpath else inherited), *self.told, *runpath, *self.standard]
        for folder in folders:
            found = self.root.file(f"{folder}/{name}")
            if found is not None and self._fits(found):
                return found
        return None

    def _fits(self, entry: Entry) -> bool:
        """A loader passes over a library of another machine. What cannot be read is given the benefit of the doubt."""
        elf = self._elf(entry.path)
        return elf is None or (elf.machine, elf.bits) == (self.program.machine, self.program.bits)

    def _rpath(self, path: str, elf: Elf) -> list[str]:
        """RPATH counts where there is no RUNPATH; musl makes no difference between the two."""
        if elf.runpath and not self.musl:
            return []
        return [_expanded(part, path) for part in (*elf.rpath, *(elf.runpath if self.musl else ()))]

    def _elf(self, path: str) -> Elf | None:
        if path not in self.read:
            data = self.root.contents(path)
            self.read[path] = read_elf(data) if data is not None else None
        return self.read[path]


def _is_musl(root: Root, loader: str) -> bool:
    if loader:
        return "/ld-musl-" in loader
    return any(path.startswith("lib/ld-musl-") for path in root.tree)


def _expanded(folder: str, by: str) -> str:
    """A search path with $ORIGIN as the folder of the file that has it."""
    origin = "/" + posixpath.dirname(by)
    for word in ("${ORIGIN}", "$ORIGIN"):
        folder = folder.replace(word, origin)
    return folder


def _musl_folders(root: Root, program: Elf) -> list[str]:
    """`/etc/ld-musl-ARCH.path`, else musl's own three folders."""
    arch = re.search(r"/ld-musl-([\w-]+)\.so", program.interpreter)
    own = root.file(f"/etc/ld-musl-{arch[1]}.path") if arch else None
    data = root.contents(own.path) if own is not None else None
    told = re.split(r"[:\n]", data.decode("utf-8", "replace")) if data is not None else []
    return [part.strip() for part in told if part.strip()] or ["/lib", "/usr/local/lib", "/usr/lib"]


def _glibc_folders(root: Root) -> list[str]:
    """`/etc/ld.so.conf` with what it includes, then the loader's own: those of Debian name the machine too."""
    own = ["/lib64", "/usr/lib64", "/lib", "/usr/lib"]
    multiarch = {
        path for path in root.tree if re.fullmatch(r"(usr/)?lib/[\w]+-linux-gnu\w*", path)
    }  # x86_64-linux-gnu, arm-linux-gnueabihf
    return [*_configured(root, "/etc/ld.so.conf", 0), *("/" + path for path in sorted(multiarch)), *own]


def _configured(root: Root, path: str, depth: int) -> Iterator[str]:
    entry = root.file(path)
    data = root.contents(entry.path) if entry is not None and depth < 5 else None
    for line in (data or b"").decode("utf-8", "replace").splitlines():
        words = line.partition("#")[0].replace(",", " ").split()
        if words[:1] != ["include"]:
            yield from words
            continue
        for pattern in words[1:]:
            full = posixpath.join(posixpath.dirname(path), pattern).lstrip("/")
            for found in sorted(one for one in root.tree if fnmatch(one, full)):
                yield from _configured(root, "/" + found, depth + 1)
