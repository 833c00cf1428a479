"""Images that are alike, and images that differ in one way each: made as archives, judged without an engine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from dslim.verify.verdict import DIFFERENT, EQUIVALENT, SAME_PROGRAM, Declared
from tests.images.made import Made, MadeLayer, directory, file, hardlink, layer, opaque, symlink, whiteout
from tests.verify.elves import elf
from tests.verify.seen import PATH, judged

A = file("srv/a", "a")
SH = [file("bin/sh", elf(), 0o755), file("srv/run", "#!/bin/sh\n", 0o755)]
LOADER = "/lib64/ld-linux-x86-64.so.2"
DYNAMIC = [
    file("bin/app", elf(["libz.so.1"], LOADER), 0o755),
    file(LOADER[1:], elf(), 0o755),
    file("usr/lib/x86_64-linux-gnu/libz.so.1", elf(["libc.so.6"])),
    file("usr/lib/x86_64-linux-gnu/libc.so.6", elf()),
]
APP: dict[str, Any] = {"Entrypoint": ["/bin/app"], "Env": [PATH]}

ALIKE: dict[str, tuple[Sequence[MadeLayer], Sequence[MadeLayer]]] = {
    "layers joined": ([layer(A), layer(file("srv/b"))], [layer(A, file("srv/b"))]),
    "order in the archive": ([layer(A, file("srv/b"))], [layer(file("srv/b"), A)]),
    "deleted later": ([layer(A, file("big", "b")), layer(whiteout("big"))], [layer(A)]),
    "opaque directory": ([layer(file("srv/old")), layer(opaque("srv"), A)], [layer(A)]),
    "overwritten later": ([layer(file("srv/a", "old")), layer(A)], [layer(A)]),
    "mode changed later": ([layer(file("srv/a", "a", 0o600)), layer(A)], [layer(A)]),
    "times": ([layer(file("srv/a", "a", mtime=1))], [layer(file("srv/a", "a", mtime=2))]),
    "hard link for a copy": ([layer(A, hardlink("srv/b", "srv/a"))], [layer(A, file("srv/b", "a"))]),
    "folder without an entry": ([layer(directory("srv"), A)], [layer(A)]),
    "entry of the root": ([layer(directory(".", 0o700), A)], [layer(A)]),
    "mode of a symbolic link": (
        [layer(Made("l", b"2", link="a", mode=0o755))],
        [layer(Made("l", b"2", link="a", mode=0o777))],
    ),
    "apt's lists": ([layer(A, file("var/lib/apt/lists/deb.debian.org_main", "x"))], [layer(A)]),
    "apk's index": ([layer(A, file("var/cache/apk/APKINDEX.1.tar.gz", "x"))], [layer(A)]),
    "yum's cache": ([layer(A, directory("var/cache/yum"), file("var/cache/yum/x", "x"))], [layer(A)]),
    "pip's cache": ([layer(A, file("root/.cache/pip/http/a", "x"))], [layer(A)]),
    "npm's cache": ([layer(A, file("root/.npm/_cacache/a", "x"))], [layer(A)]),
    "gem's cache": ([layer(A, file("usr/lib/ruby/gems/3.1.0/cache/rack.gem", "x"))], [layer(A)]),
    "log": ([layer(A, file("var/log/dpkg.log", "x"))], [layer(A, file("var/log/dpkg.log", "y"))]),
    "temporary file": ([layer(A, file("tmp/x", "x"))], [layer(A)]),
    "temporary directory": ([layer(A, directory("var/tmp/d"), file("var/tmp/d/x", "x"))], [layer(A)]),
    "bytecode": ([layer(A, directory("srv/__pycache__"), file("srv/__pycache__/a.pyc", "x"))], [layer(A)]),
    "backup of passwd": ([layer(A, file("etc/passwd-", "x", 0o600))], [layer(A)]),
    "status of dpkg": ([layer(file("var/lib/dpkg/status", "x"))], [layer(file("var/lib/dpkg/status", "y"))]),
    "machine id": ([layer(file("etc/machine-id", "x"))], [layer(file("etc/machine-id", "y"))]),
    "mount point": ([layer(A, file("etc/resolv.conf"), directory("proc"))], [layer(A)]),
}

DIFFERING: dict[str, tuple[Sequence[MadeLayer], Sequence[MadeLayer]]] = {
    "a mode bit": ([layer(A)], [layer(file("srv/a", "a", 0o640))]),
    "setuid": ([layer(file("srv/a", "a", 0o4755))], [layer(file("srv/a", "a", 0o755))]),
    "a directory's mode": ([layer(directory("srv"), A)], [layer(directory("srv", 0o700), A)]),
    "an owner": ([layer(A)], [layer(file("srv/a", "a", uid=7))]),
    "a group": ([layer(A)], [layer(file("srv/a", "a", gid=7))]),
    "content": ([layer(A)], [layer(file("srv/a", "b"))]),
    "a missing file": ([layer(A, file("srv/b"))], [layer(A)]),
    "a file hidden by a whiteout": ([layer(A, file("srv/b"))], [layer(A, file("srv/b")), layer(whiteout("srv/b"))]),
    "an added file": ([layer(A)], [layer(A, file("srv/b"))]),
    "a missing empty directory": ([layer(A, directory("srv/d"))], [layer(A)]),
    "a link's target": ([layer(symlink("l", "a"))], [layer(symlink("l", "b"))]),
    "a link for a file": ([layer(A, file("srv/b", "a"))], [layer(A, symlink("srv/b", "a"))]),
    "a capability": (
        [layer(file("srv/a", "a", xattrs={"security.capability": b"\1\0\0\2\0\4"}))],
        [layer(A)],
    ),
    "an attribute's value": (
        [layer(file("srv/a", "a", xattrs={"user.x": b"1"}))],
        [layer(file("srv/a", "a", xattrs={"user.x": b"2"}))],
    ),
    "a device": ([layer(Made("d", b"3", device=(1, 3)))], [layer(Made("d", b"3", device=(1, 5)))]),
    "a fifo for a file": ([layer(Made("f", b"6"))], [layer(file("f"))]),
    "the mode of /tmp": ([layer(directory("tmp", 0o1777))], [layer(directory("tmp", 0o755))]),
    "/tmp itself": ([layer(A, directory("tmp", 0o1777))], [layer(A)]),
    "a directory for logs": ([layer(A, directory("var/log/nginx"))], [layer(A)]),
    "a log that is a link": ([layer(A, symlink("var/log/access.log", "/dev/stdout"))], [layer(A)]),
    "the mode of a cached file": (
        [layer(file("var/cache/apt/x", "x", 0o644))],
        [layer(file("var/cache/apt/x", "x", 0o600))],
    ),
    "the database of packages": ([layer(A, file("lib/apk/db/installed", "x"))], [layer(A)]),
    "another cache": ([layer(A, file("root/.cache/ms-playwright/chrome", "x"))], [layer(A)]),
    "passwd": ([layer(file("etc/passwd", "x"))], [layer(file("etc/passwd", "y"))]),
    "certificates": ([layer(A, file("etc/ssl/certs/ca-certificates.crt", "x"))], [layer(A)]),
}


@pytest.mark.parametrize("name", ALIKE)
def test_alike(tmp_path: Path, name: str) -> None:
    found = judged(tmp_path, *ALIKE[name])
    assert (found.verdict, found.found.differences) == (EQUIVALENT, ())


@pytest.mark.parametrize("name", DIFFERING)
def test_differing(tmp_path: Path, name: str) -> None:
    before, after = DIFFERING[name]
    for one, other in ((before, after), (after, before)):
        found = judged(tmp_path, one, other)
        assert found.verdict == DIFFERENT
        assert len(found.found.differences) == 1
        assert found.found.differences[0].path in found.because[0]


CONFIGURATIONS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "Env": ({"Env": ["A=1"]}, {"Env": ["A=2"]}),
    "Cmd": ({"Cmd": ["a"]}, {"Cmd": ["a", "b"]}),
    "Entrypoint": ({"Entrypoint": ["a"]}, {}),
    "WorkingDir": ({"WorkingDir": "/a"}, {"WorkingDir": "/b"}),
    "User": ({"User": "a"}, {}),
    "ExposedPorts": ({"ExposedPorts": {"80/tcp": {}}}, {"ExposedPorts": {"81/tcp": {}}}),
    "Labels": ({"Labels": {"a": "1"}}, {"Labels": {"a": "2"}}),
    "Volumes": ({"Volumes": {"/a": {}}}, {}),
    "StopSignal": ({"StopSignal": "SIGINT"}, {"StopSignal": "SIGTERM"}),
    "Healthcheck": ({"Healthcheck": {"Test": ["CMD", "a"]}}, {"Healthcheck": {"Test": ["NONE"]}}),
    "Shell": ({"Shell": ["/bin/bash", "-c"]}, {}),
    "OnBuild": ({"OnBuild": ["RUN a"]}, {"OnBuild": ["RUN b"]}),
}


@pytest.mark.parametrize("key", CONFIGURATIONS)
@pytest.mark.parametrize("strict", [True, False])
def test_configuration(tmp_path: Path, key: str, strict: bool) -> None:
    told = Declared(frozenset({"A"}), frozenset({"a"}))
    found = judged(tmp_path, [layer(A)], [layer(A)], CONFIGURATIONS[key], strict=strict, declared=told)
    assert found.verdict == DIFFERENT
    assert found.config == {key: (CONFIGURATIONS[key][0][key], CONFIGURATIONS[key][1].get(key))}


def test_absent_and_empty_are_the_same(tmp_path: Path) -> None:
    empty: dict[str, Any] = {"Env": [], "Labels": {}, "User": "", "Cmd": None, "Volumes": None}
    assert judged(tmp_path, [layer(A)], [layer(A)], ({}, empty)).verdict == EQUIVALENT


def test_without_a_program_only_the_same_files_will_do(tmp_path: Path) -> None:
    found = judged(tmp_path, [layer(A)], [layer(A, file("srv/b"))], strict=False)
    assert found.verdict == DIFFERENT
    assert "starts no program" in found.because[0]


def test_the_base_image_may_set_other_variables(tmp_path: Path) -> None:
    configs = {"Env": ["A=1", "GO=1.2"], "Labels": {"base": "x"}}, {"Env": ["A=1"], "Labels": {}}
    told = Declared(frozenset({"A"}))
    assert judged(tmp_path, [layer(A)], [layer(A)], configs, strict=False, declared=told).verdict == SAME_PROGRAM
    assert judged(tmp_path, [layer(A)], [layer(A)], configs, strict=True, declared=told).verdict == DIFFERENT


PROGRAMS: dict[str, tuple[Sequence[Made], Sequence[Made], dict[str, Any], str]] = {
    "same": (DYNAMIC, [*DYNAMIC, A], APP, ""),
    "missing program": (DYNAMIC, DYNAMIC[1:], APP, "/bin/app was /bin/app, and is not found"),
    "missing loader": (DYNAMIC, [DYNAMIC[0], *DYNAMIC[2:]], APP, f"its interpreter {LOADER} is missing"),
    "missing library": (DYNAMIC, DYNAMIC[:2], APP, "/bin/app: the library libz.so.1 is missing"),
    "missing library of a library": (DYNAMIC, DYNAMIC[:3], APP, "libz.so.1: the library libc.so.6 is missing"),
    "library of another machine": (
        DYNAMIC,
        [*DYNAMIC[:3], file(DYNAMIC[3].path, elf(machine=183))],
        APP,
        "the library libc.so.6 is missing",
    ),
    "broken before": (DYNAMIC[:2], [*DYNAMIC[:2], A], APP, ""),
    "execute bit": (
        DYNAMIC,
        [DYNAMIC[0]._replace(mode=0o644), *DYNAMIC[1:]],
        APP,
        "/bin/app is not executable (mode 0644) for root",
    ),
    "shebang": (SH, [SH[1], A], {"Cmd": ["/srv/run"]}, "its interpreter /bin/sh is missing"),
    "command of a shell": (
        [*DYNAMIC, *SH],
        [*DYNAMIC[1:], *SH],
        {"Cmd": ["/bin/sh", "-c", "X=1 exec app --port $PORT && cd /"], "Env": [PATH]},
        "app was /bin/app, and is not found",
    ),
    "argument": (
        [*SH, file("srv/app.py")],
        SH,
        {"Entrypoint": ["/bin/sh"], "Cmd": ["app.py"], "WorkingDir": "/srv"},
        "app.py was /srv/app.py, and is not found",
    ),
    "command of an entry point": (
        [*SH, *DYNAMIC],
        [*SH, *DYNAMIC[1:]],
        {"Entrypoint": ["/srv/run"], "Cmd": ["app"], "Env": [PATH]},
        "app was /bin/app, and is not found",
    ),
    "user": (
        [*SH, file("etc/passwd", "app:x:7:7::/:/bin/sh\n")],
        [*SH, file("etc/passwd", "root:x:0:0::/:/bin/sh\n")],
        {"Cmd": ["/srv/run"], "User": "app"},
        "app: uid 7 before, unknown after",
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_program(tmp_path: Path, name: str) -> None:
    before, after, config, lost = PROGRAMS[name]
    found = judged(tmp_path, [layer(*before)], [layer(*after)], (config, config), strict=False)
    assert found.verdict == (DIFFERENT if lost else SAME_PROGRAM)
    assert lost in "; ".join(check.detail for check in found.checks if not check.ok)


def test_what_was_copied_must_be_there(tmp_path: Path) -> None:
    def image(*files: Made) -> list[MadeLayer]:
        return [layer(file("base", "b"), created_by="COPY base"), layer(*files, created_by="COPY . /srv # buildkit")]

    one, source, other = file("srv/data.json", "1"), file("srv/main.go", "2"), file("srv/data.json", "3")
    told = Declared(steps=1)
    lost = [layer(source)]
    run = ({"Cmd": ["main"]}, {"Cmd": ["main"]})
    assert judged(tmp_path, image(one, source), lost, configs=run, strict=False, declared=told).verdict == DIFFERENT
    assert (
        judged(tmp_path, image(one, source), image(other), configs=run, strict=False, declared=told).verdict
        == DIFFERENT
    )
    assert (
        judged(tmp_path, image(one, source), [layer(one)], configs=run, strict=False, declared=told).verdict
        == SAME_PROGRAM
    )
