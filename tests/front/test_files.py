"""Reading whatever there is, and writing so that nothing is lost."""

from __future__ import annotations

import errno
import os
import resource
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from dslim import files
from dslim.files import Trouble, read, write
from tests.front.conftest import environment

BEFORE, AFTER = b"FROM a\n", b"FROM something longer\n" * 10


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "Dockerfile"
    path.write_bytes(BEFORE)
    return path


def alone(path: Path) -> bool:
    return os.listdir(path.parent) == [path.name]


def test_reads_bytes(target: Path) -> None:
    assert read(str(target)) == BEFORE


def test_says_why_a_path_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to("loop")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
    causes = {
        ".": "a directory, not a file",
        "pipe": "a named pipe, not a file",
        "socket": "a socket, not a file",
        "dangling": "a link to nothing",
        "loop": "too many levels of symbolic links",
        "missing": "no such file",
        "nul\0": "embedded null byte",
    }
    assert {name: read(f"{tmp_path}/{name}") for name in causes} == {n: Trouble(c) for n, c in causes.items()}
    assert read(os.devnull) == Trouble("a device, not a file")


def test_a_file_that_may_not_be_opened(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(os, "open", refuse)
    assert read(str(target)) == Trouble("permission denied")


def test_a_file_that_is_too_large(target: Path) -> None:
    assert read(str(target), len(BEFORE)) == BEFORE
    assert read(str(target), len(BEFORE) - 1) == Trouble("larger than 6 bytes")


def test_writes(target: Path) -> None:
    assert write(str(target), BEFORE, AFTER) is None
    assert target.read_bytes() == AFTER
    assert alone(target)


def test_keeps_mode_and_owner(target: Path) -> None:
    target.chmod(0o4751)
    if os.geteuid() == 0:
        os.chown(target, 12, 34)
        target.chmod(0o4751)
    like = target.stat()
    assert write(str(target), BEFORE, AFTER) is None
    now = target.stat()
    assert (now.st_mode, now.st_uid, now.st_gid) == (like.st_mode, like.st_uid, like.st_gid)


def test_an_owner_that_cannot_be_kept_is_kept_by_writing_in_place(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_own", lambda handle, like: False)
    inode = target.stat().st_ino
    assert write(str(target), BEFORE, AFTER) is None
    assert (target.stat().st_ino, target.read_bytes()) == (inode, AFTER)
    assert alone(target)


def test_keeps_links(tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.mkdir()
    (real / "file").write_bytes(BEFORE)
    link = tmp_path / "Dockerfile"
    link.symlink_to("real/file")
    assert write(str(link), BEFORE, AFTER) is None
    assert link.is_symlink()
    assert (real / "file").read_bytes() == AFTER
    assert os.listdir(real) == ["file"]


@pytest.mark.parametrize(("before", "after"), [(BEFORE, AFTER), (AFTER, BEFORE)])
def test_keeps_hard_links(tmp_path: Path, before: bytes, after: bytes) -> None:
    target, other = tmp_path / "Dockerfile", tmp_path / "other"
    target.write_bytes(before)
    os.link(target, other)
    assert write(str(target), before, after) is None
    assert other.read_bytes() == after
    assert target.samefile(other)
    assert len(os.listdir(tmp_path)) == 2


@pytest.mark.parametrize("linked", [False, True])
def test_a_file_that_changed_meanwhile_is_left_alone(target: Path, tmp_path: Path, linked: bool) -> None:
    if linked:
        os.link(target, tmp_path / "other")
    target.write_bytes(b"FROM somebody else\n")
    assert write(str(target), BEFORE, AFTER) == Trouble("changed meanwhile, not overwritten")
    assert target.read_bytes() == b"FROM somebody else\n"
    assert len(os.listdir(tmp_path)) == 1 + linked


def test_a_file_that_another_of_its_names_rewrote_is_fine(target: Path) -> None:
    target.write_bytes(AFTER)
    assert write(str(target), BEFORE, AFTER) is None


def test_a_file_that_vanished(target: Path) -> None:
    target.unlink()
    assert write(str(target), BEFORE, AFTER) == Trouble("no such file or directory")


def test_a_file_that_became_a_folder(target: Path) -> None:
    target.unlink()
    target.mkdir()
    assert write(str(target), BEFORE, AFTER) == Trouble("a directory, not a file")


def test_a_file_that_may_not_be_written(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert write(str(target), BEFORE, AFTER) == Trouble("no permission to write")


WRITE = """
import os, signal, sys
from dslim.files import write
path, before, after, fatal = sys.argv[1], sys.argv[2].encode(), sys.argv[3].encode(), int(sys.argv[4])
calls = 0
def counted(name, real):
    def call(*args, **kwargs):
        global calls
        calls += 1
        if calls == fatal:
            if name == "write":
                real(args[0], bytes(args[1])[:3])
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)
    return call
for name in ("open", "write", "ftruncate", "fchmod", "fsync", "replace", "unlink", "close"):
    setattr(os, name, counted(name, getattr(os, name)))
print(write(path, before, after), calls)
"""


def write_elsewhere(target: Path, fatal: int, limit: int = 0) -> subprocess.CompletedProcess[bytes]:
    def limited() -> None:
        if limit:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    words = [sys.executable, "-c", WRITE, str(target), BEFORE.decode(), AFTER.decode(), str(fatal)]
    return subprocess.run(words, capture_output=True, check=False, env=environment(), preexec_fn=limited, timeout=60)


@pytest.mark.parametrize("linked", [False, True])
def test_nothing_is_lost_at_whatever_moment_it_is_killed(tmp_path: Path, linked: bool) -> None:
    for fatal in range(1, 60):
        folder = tmp_path / str(fatal)
        folder.mkdir()
        target = folder / "Dockerfile"
        target.write_bytes(BEFORE)
        if linked:
            os.link(target, folder / "other")
        done = write_elsewhere(target, fatal)
        if done.returncode == 0:
            assert target.read_bytes() == AFTER
            assert fatal > 8
            return
        assert done.returncode == -signal.SIGKILL, done
        saved = [path.read_bytes() for path in folder.glob(".dslim-*")]
        assert target.read_bytes() in (BEFORE, AFTER) or (linked and BEFORE in saved)
    raise AssertionError("it was never done")


@pytest.mark.parametrize("linked", [False, True])
def test_a_full_disk_leaves_the_file_as_it_was(target: Path, tmp_path: Path, linked: bool) -> None:
    if linked:
        os.link(target, tmp_path / "other")
    done = write_elsewhere(target, 0, limit=100)
    assert b"file too large" in done.stdout, done
    assert target.read_bytes() == BEFORE
    assert len(os.listdir(tmp_path)) == 1 + linked


def test_where_even_the_old_text_cannot_be_restored_it_stays_beside(
    target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.link(target, tmp_path / "other")

    def full(path: str, data: bytes) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(files, "_overwrite", full)
    trouble = write(str(target), BEFORE, AFTER)
    (saved,) = tmp_path.glob(".dslim-*")
    assert trouble == Trouble(f"no space left on device; the old text is in {saved}")
    assert saved.read_bytes() == BEFORE
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
