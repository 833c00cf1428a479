"""Our reader of tars beside Python's tarfile, on tars of all shapes and on broken ones."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dslim.images.tar import FILE, BrokenTar, Member, Tar, is_tar

NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0\n"), min_size=1, max_size=300).filter(
    lambda name: name.strip("/") not in ("", ".")
)
TYPES = (tarfile.REGTYPE, tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE)


class Slow:
    """A stream that gives ``step`` bytes at a time, as a pipe may do."""

    def __init__(self, data: bytes, step: int) -> None:
        self._stream = io.BytesIO(data)
        self._step = step

    def read(self, size: int, /) -> bytes:
        return self._stream.read(min(size, self._step))


def read(data: bytes, step: int = 1 << 20) -> Iterator[tuple[Member, bytes]]:
    tar = Tar(Slow(data, step))
    while (member := tar.next()) is not None:
        yield member, b"".join(iter(lambda: bytes(tar.read(1 << 16)), b""))


@st.composite
def members(draw: st.DrawFn) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(draw(NAMES))
    info.type = draw(st.sampled_from(TYPES))
    content = draw(st.binary(max_size=1500)) if info.type == tarfile.REGTYPE else b""
    info.size = len(content)
    info.mode = draw(st.integers(0, 0o7777))
    info.uid, info.gid = draw(st.integers(0, 1 << 40)), draw(st.integers(0, 1 << 40))
    info.mtime = draw(st.integers(0, 1 << 35))
    if info.type in (tarfile.SYMTYPE, tarfile.LNKTYPE):
        info.linkname = draw(NAMES)
    if info.type == tarfile.CHRTYPE:
        info.devmajor, info.devminor = draw(st.integers(0, 255)), draw(st.integers(0, 255))
    return info, content


@settings(deadline=None)
@given(
    st.lists(members(), max_size=6),
    st.sampled_from((tarfile.PAX_FORMAT, tarfile.GNU_FORMAT)),
    st.sampled_from((1, 7, 511, 512, 1 << 20)),
)
def test_it_reads_what_tarfile_reads(written: list[tuple[tarfile.TarInfo, bytes]], form: int, step: int) -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=form, encoding="utf-8") as archive:
        for info, content in written:
            archive.addfile(info, io.BytesIO(content))
    data = stream.getvalue()
    assert is_tar(data[:1024])
    expected = []
    with tarfile.open(fileobj=io.BytesIO(data), encoding="utf-8") as archive:
        for info in archive:
            file = archive.extractfile(info) if info.isreg() else None
            expected.append(
                (info.name, info.type, info.mode, info.uid, info.gid, info.size, int(info.mtime), info.linkname,
                 (info.devmajor, info.devminor), file.read() if file else b"")
            )  # fmt: skip
    found = [
        (one.name.decode().rstrip("/"), bytes([one.type]), one.mode, one.uid, one.gid, one.size, one.mtime,
         one.link.decode(), one.device, content)
        for one, content in read(data, step)
    ]  # fmt: skip
    assert found == [(name.rstrip("/"), *rest) for name, *rest in expected]


def made(*infos: tarfile.TarInfo, form: int = tarfile.PAX_FORMAT) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=form) as archive:
        for info in infos:
            archive.addfile(info, io.BytesIO(b"x" * info.size))
    return stream.getvalue()


def member(name: str, size: int = 0, **others: object) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size = size
    for key, value in others.items():
        setattr(info, key, value)
    return info


def test_what_is_not_read_of_a_member_is_passed_over() -> None:
    tar = Tar(Slow(made(member("a", 5000), member("b", 3)), 700))
    first = tar.next()
    assert first is not None and bytes(tar.read(10)) == b"x" * 10
    second = tar.next()
    assert second is not None and second.name == b"b"
    assert bytes(tar.read(100)) == b"xxx"
    assert bytes(tar.read(100)) == b""
    assert tar.next() is None


def test_a_time_with_a_fraction_and_records_for_all() -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT, pax_headers={"uid": "77"}) as archive:
        archive.addfile(member("a", mtime=12.75))
        archive.addfile(member("b", mtime=5))
    found = [one for one, _ in read(stream.getvalue())]
    assert [(one.mtime, one.uid) for one in found] == [(12, 77), (5, 77)]


def test_old_and_contiguous_files_are_files() -> None:
    for kind in (tarfile.AREGTYPE, tarfile.CONTTYPE):
        ((found, content),) = read(made(member("a", 3, type=kind)))
        assert (found.type, content) == (FILE, b"xxx")


def test_the_end_may_be_missing_but_not_a_part_of_a_member() -> None:
    data = made(member("a", 1000))
    assert len(list(read(data[: 512 + 1024]))) == 1
    for end in (100, 512 + 100, 512 + 1000):
        with pytest.raises(BrokenTar, match="ends too early"):
            list(read(data[:end]))


def test_a_wrong_checksum() -> None:
    data = bytearray(made(member("a", 3), member("b")))
    data[1024] ^= 1
    with pytest.raises(BrokenTar, match="checksum"):
        list(read(bytes(data)))
    assert not is_tar(b"\1" + bytes(data[1:1024]))


def test_what_images_do_not_have() -> None:
    with pytest.raises(BrokenTar, match="type 'S'"):
        list(read(made(member("a", type=tarfile.GNUTYPE_SPARSE), form=tarfile.GNU_FORMAT)))
    with pytest.raises(BrokenTar, match="sparse"):
        list(read(made(member("a", pax_headers={"GNU.sparse.major": "1"}))))


def test_a_broken_pax_header() -> None:
    data = made(member("a", pax_headers={"SCHILY.xattr.user.x": "y"}))
    at = data.index(b" SCHILY") - 2  # two digits say how long the record is
    for old, new in ((data[at : at + 2], b"99"), (data[at : at + 2], b"xx"), (b"user.x=", b"user.x:")):
        with pytest.raises(BrokenTar, match="PAX"):
            list(read(data.replace(old, new, 1)))


@settings(deadline=None)
@given(st.binary(max_size=3000), st.integers(0, 2500), st.integers(1, 255))
def test_no_bytes_raise_another_error(noise: bytes, at: int, change: int) -> None:
    data = bytearray(made(member("a" * 150, 700), member("b", pax_headers={"mtime": "5.5"})))
    data[at % len(data)] ^= change
    for broken in (bytes(data), bytes(data[:at]) + noise, noise):
        try:
            list(read(broken))
        except BrokenTar as error:
            assert str(error)
