"""Images out of archives and layouts: the same by every way, and one clear line where there is none."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dslim.images.entry import Entries, Entry
from dslim.images.image import Image
from dslim.images.source import open_image
from dslim.images.trouble import ImageTrouble
from tests.images.made import (
    Made,
    directory,
    file,
    hardlink,
    layer,
    layout,
    packed,
    save,
    step,
    symlink,
    tar,
    whiteout,
)

CAPABILITY = b"\x01\x00\x00\x02\xff\x20\x00\x3d\n\x00 \xfe"  # bytes that are neither UTF-8 nor free of separators
LAYERS = [
    layer(
        directory(""),
        directory("bin", uid=1, gid=2),
        file("bin/tool", b"\x7fELF" * 1000, mode=0o4755, xattrs={"security.capability": CAPABILITY}),
        hardlink("bin/other", "bin/tool"),
        symlink("sbin", "bin"),
        Made("dev/null", tarfile.CHRTYPE, device=(1, 3), mode=0o666),
        Made("run/pipe", tarfile.FIFOTYPE),
        created_by="ADD rootfs.tar / # buildkit",
        comment="",
    ),
    step("ENV A=b"),
    layer(file("app/" + "long/" * 60 + "name", "x" * 1234), created_by="COPY . /app # buildkit"),
    layer(whiteout("sbin"), created_by="RUN /bin/sh -c rm /sbin # buildkit"),
    step('CMD ["tool"]'),
]
CONFIG = {"Env": ["A=b"], "Cmd": ["tool"]}


def content(image: Image) -> tuple[object, ...]:
    """All that an image is but its name and how its layers were packed."""
    layers = [(one.digest, one.created_by, one.bytes, list(one.entries)) for one in image.layers]
    return image.config, image.architecture, image.os, image.history, layers


def test_every_way_gives_the_same_image(tmp_path: Path) -> None:
    expected = content(open_image(str(save(tmp_path / "new.tar", LAYERS, CONFIG))))
    ways = [
        save(tmp_path / "first.tar", LAYERS, CONFIG, manifest_first=True),
        save(tmp_path / "old.tar", LAYERS, CONFIG, old=True),
        layout(tmp_path / "plain", LAYERS, CONFIG, compression=""),
        layout(tmp_path / "gzip", LAYERS, CONFIG, compression="gzip"),
        layout(tmp_path / "zstd", LAYERS, CONFIG, compression="zstd"),
        layout(tmp_path / "gzip.tar", LAYERS, CONFIG, compression="gzip", as_tar=True),
        layout(tmp_path / "zstd.tar", LAYERS, CONFIG, compression="zstd", as_tar=True),
    ]
    packed_whole = tmp_path / "whole.tar.gz"
    packed_whole.write_bytes(gzip.compress((tmp_path / "new.tar").read_bytes()))
    for way in [*ways, packed_whole]:
        assert content(open_image(str(way))) == expected, way.name


def test_what_an_image_says(tmp_path: Path) -> None:
    image = open_image(str(save(tmp_path / "image.tar", LAYERS, CONFIG)))
    assert image.config == CONFIG
    assert (image.architecture, image.os) == ("amd64", "linux")
    assert [(one.created_by, one.layer) for one in image.history] == [
        ("ADD rootfs.tar / # buildkit", 0),
        ("ENV A=b", None),
        ("COPY . /app # buildkit", 1),
        ("RUN /bin/sh -c rm /sbin # buildkit", 2),
        ('CMD ["tool"]', None),
    ]
    found = {entry.path: entry for entry in image.layers[0].entries}
    assert found["bin/tool"] == Entry(
        "bin/tool",
        "file",
        0o4755,
        size=4000,
        mtime=1_000_000_000,
        digest=hashlib.sha256(b"\x7fELF" * 1000).hexdigest(),
        xattrs=(("security.capability", CAPABILITY),),
    )
    assert found["bin"].uid == 1 and found["bin"].gid == 2
    assert (found["bin/other"].kind, found["bin/other"].link, found["bin/other"].size) == ("hardlink", "bin/tool", 0)
    assert (found["sbin"].kind, found["sbin"].link) == ("symlink", "bin")
    assert (found["dev/null"].kind, found["dev/null"].device) == ("character", (1, 3))
    assert found["run/pipe"].kind == "fifo"
    assert found[""].kind == "directory"
    assert [entry.path for entry in image.layers[1].entries] == ["app/" + "long/" * 60 + "name"]


def test_bytes_are_those_that_docker_counts(tmp_path: Path) -> None:
    """Hard links once; targets of symlinks only in a layer that BuildKit did not make."""
    files = (file("a", "12345"), hardlink("b", "a"), symlink("c", "target"), directory("d"))
    for comment, expected in (("buildkit.dockerfile.v0", 5), ("", 11), ("Imported from -", 11)):
        image = open_image(str(save(tmp_path / "image.tar", [layer(*files, comment=comment)])))
        assert image.bytes == expected, comment


def test_a_path_that_is_twice_in_a_layer_counts_once(tmp_path: Path) -> None:
    files = (file("a", "12345"), file("a", "123"), file("kept", "1234567"), hardlink("link", "kept"), file("kept", "1"))
    image = open_image(str(save(tmp_path / "image.tar", [layer(*files)])))
    assert image.bytes == 3 + 7 + 1


def test_compressed_bytes_are_those_of_the_blob(tmp_path: Path) -> None:
    data = tar(LAYERS[2].files or ())
    for compression in ("gzip", "zstd"):
        for as_tar in (False, True):
            made = layout(tmp_path / f"{compression}{as_tar}", LAYERS, compression=compression, as_tar=as_tar)
            assert open_image(str(made)).layers[1].compressed_bytes == len(packed(data, compression))
    assert open_image(str(save(tmp_path / "plain.tar", LAYERS))).layers[1].compressed_bytes is None


def test_a_layer_that_is_twice_in_an_image(tmp_path: Path) -> None:
    image = open_image(str(save(tmp_path / "image.tar", [layer(file("a", "1")), layer(file("a", "1"))])))
    assert [one.bytes for one in image.layers] == [1, 1]


def test_an_old_archive_may_link_a_layer_to_another(tmp_path: Path) -> None:
    made = save(tmp_path / "image.tar", [layer(file("a", "1"))], old=True)
    with tarfile.open(made) as archive:
        members = {member.name: archive.extractfile(member) for member in archive}
        parts = {name: content.read() for name, content in members.items() if content}
    name = next(name for name in parts if name.endswith("/layer.tar"))
    linked = tmp_path / "linked.tar"
    with tarfile.open(linked, "w") as archive:
        elsewhere = tarfile.TarInfo("0/layer.tar")
        elsewhere.size = len(parts[name])
        archive.addfile(elsewhere, io.BytesIO(parts.pop(name)))
        link = tarfile.TarInfo(name)
        link.type, link.linkname = tarfile.SYMTYPE, "../0/layer.tar"
        archive.addfile(link)
        for other, data in parts.items():
            info = tarfile.TarInfo(other)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    assert open_image(str(linked)).bytes == 1


@pytest.mark.parametrize("part", ["text", "empty", "short", "short gzip", "short zstd", "another tar"])
def test_what_is_no_image_costs_one_line(tmp_path: Path, part: str) -> None:
    whole = save(tmp_path / "whole.tar", LAYERS).read_bytes()
    broken = tmp_path / "broken"
    broken.write_bytes(
        {
            "text": b"FROM debian\n" * 200,
            "empty": b"",
            "short": whole[: len(whole) // 2],
            "short gzip": gzip.compress(whole)[:-100],
            "short zstd": packed(whole, "zstd")[:-100],
            "another tar": tar([file("a", "1")]),
        }[part]
    )
    with pytest.raises(ImageTrouble) as trouble:
        open_image(str(broken))
    assert str(trouble.value).startswith(f"{broken}: ")
    assert "\n" not in str(trouble.value)


def test_a_layout_with_a_layer_missing(tmp_path: Path) -> None:
    made = layout(tmp_path / "layout", LAYERS)
    largest = max((made / "blobs/sha256").iterdir(), key=lambda path: path.stat().st_size)
    largest.unlink()
    with pytest.raises(ImageTrouble, match="is missing"):
        open_image(str(made))


def test_several_images_in_one_archive(tmp_path: Path) -> None:
    one = layout(tmp_path / "layout", [layer(file("a", "1"))], tag="one")
    first = (one / "index.json").read_text()
    layout(one, [layer(file("b", "22"))], tag="two")
    both = json.loads(first)["manifests"] + json.loads((one / "index.json").read_text())["manifests"]
    (one / "index.json").write_text(json.dumps({"manifests": both}))
    with pytest.raises(ImageTrouble, match=r"holds 2 images \(one; two\)"):
        open_image(str(one))


def test_entries_are_packed_and_come_out_as_they_were() -> None:
    entries = [
        Entry("a", "file", 0o644, 0, 0, 5, 7, "", "ab" * 32),
        Entry("b\udcff", "symlink", 0o777, 1, 2, 0, -5, "\udcfe"),
        Entry("", "directory", 0o1777, 2**31, 2**32, 0, 2**33),
        Entry("c", "character", 0o600, device=(1, 5), xattrs=(("user.x", b"\0"),)),
    ]
    stored = Entries(entries)
    assert list(stored) == entries
    assert (stored[-1], stored[1:3], len(stored)) == (entries[3], tuple(entries[1:3]), 4)
    with pytest.raises(IndexError):
        stored[4]


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 1 << 16), st.binary(min_size=1, max_size=12)), min_size=1, max_size=4))
def test_whatever_is_broken_costs_one_line(tmp_path: Path, changes: list[tuple[int, bytes]]) -> None:
    for old in (False, True):
        data = bytearray(save(tmp_path / "image.tar", LAYERS, CONFIG, old=old).read_bytes())
        for at, new in changes:
            data[at % len(data) : at % len(data) + len(new)] = new
        (tmp_path / "broken.tar").write_bytes(data)
        try:
            image = open_image(str(tmp_path / "broken.tar"))
        except ImageTrouble as trouble:
            assert "\n" not in str(trouble)
        else:
            assert len(image.layers) >= 1


@pytest.mark.parametrize("field", ["size", "mtime", "uid"])
def test_a_number_that_no_image_has(tmp_path: Path, field: str) -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        info = tarfile.TarInfo("a")
        info.pax_headers = {field: str(1 << 80)}
        archive.addfile(info)
    made = layout(tmp_path / "layout", [layer(file("a"))], compression="")
    (blob,) = [path for path in (made / "blobs/sha256").iterdir() if path.read_bytes()[257:262] == b"ustar"]
    blob.write_bytes(stream.getvalue())
    with pytest.raises(ImageTrouble, match="out of range"):
        open_image(str(made))


def test_an_index_that_names_itself(tmp_path: Path) -> None:
    made = layout(tmp_path / "layout", [layer(file("a"))])
    digest = "sha256:" + "0" * 64
    row = {"mediaType": "application/vnd.oci.image.index.v1+json", "digest": digest}
    for name in ("index.json", "blobs/" + digest.replace(":", "/")):
        (made / name).write_text(json.dumps({"manifests": [row]}))
    with pytest.raises(ImageTrouble, match="nested too deeply"):
        open_image(str(made))


def test_a_digest_cannot_lead_out_of_a_layout(tmp_path: Path) -> None:
    made = layout(tmp_path / "layout", [layer(file("a"))])
    (tmp_path / "secret").write_text('{"config": {"digest": "x"}}')
    (made / "index.json").write_text(json.dumps({"manifests": [{"digest": "sha256:../../../secret"}]}))
    with pytest.raises(ImageTrouble, match="is no digest"):
        open_image(str(made))


def test_of_several_platforms_that_of_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = layout(tmp_path / "layout", [layer(file("a", "1"))])
    rows = json.loads((made / "index.json").read_text())["manifests"]
    layout(made, [layer(file("b", "22"))])
    rows += json.loads((made / "index.json").read_text())["manifests"]
    for row, machine in zip(rows, ("amd64", "arm64"), strict=True):
        row["platform"] = {"os": "linux", "architecture": machine}
    attestation = {"digest": "sha256:" + "1" * 64, "annotations": {"vnd.docker.reference.type": "attestation-manifest"}}
    (made / "index.json").write_text(json.dumps({"manifests": [*rows, attestation]}))
    for machine, size in (("x86_64", 1), ("aarch64", 2)):
        monkeypatch.setattr("platform.machine", lambda machine=machine: machine)
        assert open_image(str(made)).bytes == size


def test_compressed_bytes_of_plain_layers_are_measured_when_asked(tmp_path: Path) -> None:
    sizes = []
    for one in LAYERS:
        if one.files is not None:
            packer = zlib.compressobj(6, wbits=31)
            sizes.append(len(packer.compress(tar(one.files)) + packer.flush()))
    for made in (save(tmp_path / "image.tar", LAYERS), layout(tmp_path / "plain", LAYERS, compression="")):
        image = open_image(str(made), compress=True)
        assert [one.compressed_bytes for one in image.layers] == sizes
        assert content(image) == content(open_image(str(made)))
    zstd = str(layout(tmp_path / "zstd", LAYERS, compression="zstd"))
    assert [one.compressed_bytes for one in open_image(zstd, compress=True).layers] == [
        one.compressed_bytes for one in open_image(zstd).layers
    ]
