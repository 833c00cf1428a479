"""Images made from lists of files, so that a test needs no engine: `docker save` tars, old and new, and OCI layouts."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple


class Made(NamedTuple):
    """One path of a layer to be made; ``link`` is the target of links."""

    path: str
    type: bytes = tarfile.REGTYPE
    content: bytes = b""
    mode: int = 0o644
    uid: int = 0
    gid: int = 0
    mtime: int = 1_000_000_000
    link: str = ""
    xattrs: Mapping[str, bytes] = {}
    device: tuple[int, int] = (0, 0)


class MadeLayer(NamedTuple):
    """A layer to be made, and the history's step that made it. A step without a layer has ``files`` None."""

    files: Sequence[Made] | None
    created_by: str = ""
    comment: str = "buildkit.dockerfile.v0"


def file(path: str, content: bytes | str = b"", mode: int = 0o644, **others: Any) -> Made:
    """A regular file."""
    return Made(path, content=content.encode() if isinstance(content, str) else content, mode=mode, **others)


def directory(path: str, mode: int = 0o755, **others: Any) -> Made:
    return Made(path, tarfile.DIRTYPE, mode=mode, **others)


def symlink(path: str, target: str) -> Made:
    return Made(path, tarfile.SYMTYPE, mode=0o777, link=target)


def hardlink(path: str, target: str) -> Made:
    return Made(path, tarfile.LNKTYPE, link=target)


def whiteout(path: str) -> Made:
    """The mark that ``path`` of a lower layer is gone."""
    folder, _, name = path.rpartition("/")
    return file(f"{folder}/.wh.{name}" if folder else f".wh.{name}", mode=0)


def opaque(path: str) -> Made:
    """The mark that nothing of a lower layer is seen in ``path``."""
    return file(f"{path}/.wh..wh..opq" if path else ".wh..wh..opq", mode=0)


def layer(*files: Made, created_by: str = "", comment: str = "buildkit.dockerfile.v0") -> MadeLayer:
    return MadeLayer(files, created_by, comment)


def step(created_by: str) -> MadeLayer:
    """A step of the history that makes no layer: ENV, CMD and the like."""
    return MadeLayer(None, created_by)


def tar(files: Sequence[Made]) -> bytes:
    """The tar of a layer."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for one in files:
            info = tarfile.TarInfo(one.path)
            info.type = one.type
            info.size = len(one.content)
            info.mode, info.uid, info.gid, info.mtime = one.mode, one.uid, one.gid, one.mtime
            info.linkname = one.link
            info.devmajor, info.devminor = one.device
            info.pax_headers = {
                f"SCHILY.xattr.{name}": value.decode("utf-8", "surrogateescape") for name, value in one.xattrs.items()
            }
            archive.addfile(info, io.BytesIO(one.content))
    return stream.getvalue()


def configuration(layers: Sequence[MadeLayer], config: Mapping[str, Any] | None = None) -> bytes:
    """The image configuration's JSON; ``config`` is its "config": Env, Cmd and the like."""
    history = []
    for one in layers:
        row: dict[str, Any] = {"created": "2026-01-01T00:00:00Z", "created_by": one.created_by, "comment": one.comment}
        if one.files is None:
            row["empty_layer"] = True
        history.append(row)
    described = {
        "architecture": "amd64",
        "os": "linux",
        "config": dict(config or {}),
        "rootfs": {"type": "layers", "diff_ids": [_sha(tar(one.files)) for one in layers if one.files is not None]},
        "history": history,
    }
    return json.dumps(described).encode()


def save(
    path: Path,
    layers: Sequence[MadeLayer],
    config: Mapping[str, Any] | None = None,
    *,
    tag: str = "made:1",
    old: bool = False,
    manifest_first: bool = False,
) -> Path:
    """Write the tar that `docker save` writes, as Docker before 25 did when ``old``; ``path`` is returned."""
    tars = [tar(one.files) for one in layers if one.files is not None]
    described = configuration(layers, config)
    parts: dict[str, bytes] = {}
    names = []
    for data in tars:
        name = f"{_sha(data)[7:]}/layer.tar" if old else _blob(data)
        names.append(name)
        parts[name] = data
        if old:
            parts[f"{_sha(data)[7:]}/VERSION"] = b"1.0"
            parts[f"{_sha(data)[7:]}/json"] = b"{}"
    config_name = f"{_sha(described)[7:]}.json" if old else _blob(described)
    parts[config_name] = described
    last = {"manifest.json": json.dumps([{"Config": config_name, "RepoTags": [tag], "Layers": names}]).encode()}
    if not old:
        _, index = _layout_parts(described, [(data, data, "") for data in tars], tag)
        last |= index
    path.write_bytes(_archive({**last, **parts} if manifest_first else {**parts, **last}))
    return path


def layout(
    path: Path,
    layers: Sequence[MadeLayer],
    config: Mapping[str, Any] | None = None,
    *,
    compression: str = "gzip",
    as_tar: bool = False,
    tag: str = "made:1",
) -> Path:
    """Write an OCI layout: a folder, or a tar when ``as_tar``. ``compression`` of its layers is gzip, zstd or "" (none)."""
    blobs = []
    for one in layers:
        if one.files is not None:
            data = tar(one.files)
            blobs.append((data, packed(data, compression), f"+{compression}" if compression else ""))
    described = configuration(layers, config)
    parts, index = _layout_parts(described, blobs, tag)
    parts |= index
    if as_tar:
        path.write_bytes(_archive(parts))
        return path
    for name, content in parts.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path


def packed(data: bytes, compression: str) -> bytes:
    """``data`` in gzip or zstd; as it is for ""."""
    if compression == "gzip":
        return gzip.compress(data, mtime=0)
    if compression == "zstd":
        import zstandard

        return zstandard.ZstdCompressor().compress(data)
    return data


def _layout_parts(
    described: bytes, blobs: Sequence[tuple[bytes, bytes, str]], tag: str
) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The blobs of a layout, and the documents that say what they are. Of a blob: plain, packed, media type's end."""
    kind = "application/vnd.oci.image"
    manifest = json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": f"{kind}.manifest.v1+json",
            "config": {"mediaType": f"{kind}.config.v1+json", "digest": _sha(described), "size": len(described)},
            "layers": [
                {"mediaType": f"{kind}.layer.v1.tar{end}", "digest": _sha(blob), "size": len(blob)}
                for _, blob, end in blobs
            ],
        }
    ).encode()
    row = {
        "mediaType": f"{kind}.manifest.v1+json",
        "digest": _sha(manifest),
        "size": len(manifest),
        "annotations": {"org.opencontainers.image.ref.name": tag},
    }
    index = json.dumps({"schemaVersion": 2, "manifests": [row]}).encode()
    parts = {_blob(blob): blob for _, blob, _ in blobs}
    parts |= {_blob(described): described, _blob(manifest): manifest}
    return parts, {
        _blob(manifest): manifest,
        "index.json": index,
        "oci-layout": b'{"imageLayoutVersion": "1.0.0"}',
    }


def _archive(parts: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, content in parts.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def _sha(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def _blob(data: bytes) -> str:
    return "blobs/" + _sha(data).replace(":", "/")
