"""Where paths and words lead in a root file system, and which libraries a program finds in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dslim.verify.elf import lacking, read_elf
from dslim.verify.program import faults
from tests.images.made import Made, directory, file, symlink
from tests.verify.elves import AARCH64, elf
from tests.verify.seen import PATH, root

TREE = [
    directory("usr/bin"),
    symlink("bin", "usr/bin"),
    file("usr/bin/tool", "x", 0o755),
    symlink("usr/bin/alias", "../../opt/app/bin/app"),
    file("opt/app/bin/app", "x", 0o755),
    symlink("etc/alternatives/x", "/bin/alias"),
    symlink("opt/loop", "/opt/pool"),
    symlink("opt/pool", "loop"),
    symlink("opt/dangling", "nowhere"),
    file("usr/local/bin/tool", "x", 0o644),
]


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/bin/tool", "usr/bin/tool"),
        ("/etc/alternatives/x", "opt/app/bin/app"),
        ("/opt/app/../app/./bin/app", "opt/app/bin/app"),
        ("/../bin/tool", "usr/bin/tool"),
        ("/opt/loop", None),
        ("/opt/dangling", None),
        ("/bin/tool/x", None),
        ("/", ""),
    ],
)
def test_paths(tmp_path: Path, path: str, found: str | None) -> None:
    assert root(tmp_path, {}, *TREE).real(path) == found


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("tool", "usr/bin/tool"),  # the first that may be executed, as execvp does
        ("alias", "opt/app/bin/app"),
        ("bin/app", "opt/app/bin/app"),
        ("./bin/app", "opt/app/bin/app"),
        ("none", None),
        ("", None),
        ("/opt", None),
    ],
)
def test_words(tmp_path: Path, word: str, found: str | None) -> None:
    entry = root(tmp_path, {"Env": [PATH], "WorkingDir": "/opt/app"}, *TREE).program(word)
    assert (entry.path if entry else None) == found


PASSWD = [file("etc/passwd", "app:x:7:8::/:/bin/sh\nbroken\n"), file("etc/group", "app:x:8:\nmore:x:9:app\n")]


@pytest.mark.parametrize(
    ("user", "expected"),
    [
        ("", (0, {0})),
        ("app", (7, {8, 9})),
        ("7", (7, {8, 9})),
        ("55", (55, {0})),
        ("app:more", (7, {9})),
        ("55:66", (55, {66})),
        ("nobody", None),
        ("app:none", None),
    ],
)
def test_users(tmp_path: Path, user: str, expected: tuple[int, set[int]] | None) -> None:
    found = root(tmp_path, {"User": user}, *PASSWD).user
    assert (found and (found[0], set(found[1]))) == expected


@pytest.mark.parametrize(
    ("mode", "uid", "gid", "user", "may"),
    [
        (0o700, 7, 0, "7", True),
        (0o700, 0, 0, "7", False),
        (0o700, 7, 0, "", True),
        (0o644, 7, 0, "", False),
        (0o710, 0, 9, "app", True),
        (0o705, 0, 9, "app", False),
        (0o755, 0, 0, "55", True),
    ],
)
def test_who_may_execute(tmp_path: Path, mode: int, uid: int, gid: int, user: str, may: bool) -> None:
    image = root(tmp_path, {"User": user}, *PASSWD, file("run", "x", mode, uid=uid, gid=gid))
    assert image.executable(image.tree["run"]) == may
    assert bool(faults(image, image.tree["run"])) == (not may)


@pytest.mark.parametrize(
    ("script", "lost"),
    [
        ("#!/bin/sh\n", ""),
        ("#! /bin/sh -e\n", ""),
        ("#!/bin/bash\n", "its interpreter /bin/bash is missing"),
        ("#!/bin/sh\r\n", "carriage return"),
        ("#!/usr/bin/env sh\n", ""),
        ("#!/usr/bin/env -S A=1 sh\n", ""),
        ("#!/usr/bin/env python3\n", "its interpreter python3 is not on PATH"),
        ("#!/srv/wrapper\n", "its interpreter /bin/none is missing"),
        ("no shebang\n", ""),
        ("#!\n", ""),
    ],
)
def test_interpreters(tmp_path: Path, script: str, lost: str) -> None:
    tools = [
        file("bin/sh", elf(), 0o755),
        file("usr/bin/env", elf(), 0o755),
        file("srv/wrapper", "#!/bin/none\n", 0o755),
    ]
    image = root(tmp_path, {"Env": [PATH]}, *tools, file("srv/run", script, 0o755))
    found = faults(image, image.tree["srv/run"])
    assert bool(found) == bool(lost)
    assert lost in "".join(found)


GLIBC, MUSL = "/lib64/ld-linux-x86-64.so.2", "/lib/ld-musl-x86_64.so.1"
LIB = elf()


def _app(loader: str, **more: Any) -> Made:
    return file("srv/bin/app", elf(["libx.so.1"], loader, **more), 0o755)


LIBRARIES: dict[str, tuple[list[Made], list[str], bool]] = {
    "static": ([file("srv/bin/app", elf(), 0o755)], [], True),
    "multiarch folder": ([_app(GLIBC), file("usr/lib/x86_64-linux-gnu/libx.so.1", LIB)], [], True),
    "lib64": ([_app(GLIBC), file("lib64/libx.so.1", LIB)], [], True),
    "nowhere": ([_app(GLIBC), file("opt/libx.so.1", LIB)], [], False),
    "LD_LIBRARY_PATH": ([_app(GLIBC), file("opt/libx.so.1", LIB)], ["LD_LIBRARY_PATH=/x:/opt"], True),
    "ld.so.conf": (
        [
            _app(GLIBC),
            file("opt/libx.so.1", LIB),
            file("etc/ld.so.conf", "include /etc/ld.so.conf.d/*.conf\n"),
            file("etc/ld.so.conf.d/a.conf", "# mine\n/opt\n"),
        ],
        [],
        True,
    ),
    "RUNPATH from $ORIGIN": ([_app(GLIBC, runpath="$ORIGIN/../lib"), file("srv/lib/libx.so.1", LIB)], [], True),
    "RPATH from ${ORIGIN}": ([_app(GLIBC, rpath="${ORIGIN}/../lib"), file("srv/lib/libx.so.1", LIB)], [], True),
    "RPATH of who brought it in": (
        [
            _app(GLIBC, rpath="/opt"),
            file("opt/libx.so.1", elf(["liby.so.1"])),
            file("opt/liby.so.1", LIB),
        ],
        [],
        True,
    ),
    "RUNPATH is not inherited": (
        [
            _app(GLIBC, runpath="/opt"),
            file("opt/libx.so.1", elf(["liby.so.1"])),
            file("opt/liby.so.1", LIB),
        ],
        [],
        False,
    ),
    "through a link": (
        [_app(GLIBC), symlink("usr/lib/libx.so.1", "libx.so.1.2"), file("usr/lib/libx.so.1.2", LIB)],
        [],
        True,
    ),
    "dangling link": ([_app(GLIBC), symlink("usr/lib/libx.so.1", "libx.so.1.2")], [], False),
    "of another machine": (
        [_app(GLIBC), file("lib64/libx.so.1", elf(machine=AARCH64)), file("usr/lib/libx.so.1", LIB)],
        [],
        True,
    ),
    "only of another machine": ([_app(GLIBC), file("lib64/libx.so.1", elf(machine=AARCH64))], [], False),
    "musl": ([_app(MUSL), file("usr/lib/libx.so.1", LIB)], [], True),
    "musl does not look in lib64": ([_app(MUSL), file("lib64/libx.so.1", LIB)], [], False),
    "musl's own path file": (
        [_app(MUSL), file("opt/libx.so.1", LIB), file("etc/ld-musl-x86_64.path", "/lib\n/opt\n")],
        [],
        True,
    ),
    "musl is its own libc": (
        [file("srv/bin/app", elf(["libc.musl-x86_64.so.1", "libpthread.so.0"], MUSL), 0o755)],
        [],
        True,
    ),
}


@pytest.mark.parametrize("name", LIBRARIES)
def test_libraries(tmp_path: Path, name: str) -> None:
    files, variables, complete = LIBRARIES[name]
    loaders = [file(loader[1:], elf(), 0o755) for loader in (GLIBC, MUSL)]
    image = root(tmp_path, {"Env": [PATH, *variables]}, *files, *loaders)
    found = lacking(image, image.tree["srv/bin/app"])
    assert (found == []) == complete
    assert complete or "the library lib" in found[0]


def test_a_program_of_another_c_library(tmp_path: Path) -> None:
    image = root(tmp_path, {}, _app(GLIBC), file("usr/lib/libx.so.1", LIB), file(MUSL[1:], elf(), 0o755))
    assert lacking(image, image.tree["srv/bin/app"]) == [f"/srv/bin/app: its interpreter {GLIBC} is missing"]


def test_elf_files_as_they_are() -> None:
    found = read_elf(elf(["liba.so", "libb.so"], GLIBC, rpath="/a:/b", runpath="/c"))
    assert found is not None
    assert found == (GLIBC, ("liba.so", "libb.so"), ("/a", "/b"), ("/c",), "EM_X86_64", 64)


@pytest.mark.parametrize("data", [b"", b"#!/bin/sh", b"\x7fELF", elf()[:80], b"\x7fELF" + bytes(200), elf(["a"])[:150]])
def test_what_is_no_elf_file_is_no_trouble(data: bytes) -> None:
    found = read_elf(data)
    assert found is None or found.needed == ()
