"""What belongs to an image: manifests of `docker save` and of OCI layouts, and an image put together by them.

Sources: the OCI image specification (image-layout.md, image-index.md, manifest.md, config.md), and Docker's
image/spec/spec.md for manifest.json.
"""

from __future__ import annotations

import json
import platform
import re
from collections.abc import Iterator
from typing import Any, NamedTuple, NoReturn, Protocol

from dslim.images.image import Image, Layer, Step
from dslim.images.layer import ReadLayer
from dslim.images.trouble import ImageTrouble

_MACHINES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64", "i686": "386", "armv7l": "arm"}
_DIGEST = re.compile(r"(sha256|sha384|sha512):[0-9a-f]{64,128}", re.ASCII)

#: How BuildKit signs its steps. Docker counts the layers that it takes from BuildKit without the targets of symlinks, and
#: those that it unpacks (docker import, load, pull, commit) with them. Sources: layer/migration.go (packSizeCounter) and
#: pkg/directory in Docker; measured by benchmarks/images.py. Who unpacked a layer is not in an image: its history has to do.
_BUILDKIT = "buildkit."


class Source(Protocol):
    """Where the parts of an image lie, by their names in the archive or folder."""

    def document(self, name: str) -> bytes | None: ...
    def layer(self, name: str) -> ReadLayer | None: ...


class _Parts(NamedTuple):
    """The names of an image's parts."""

    config: str
    layers: tuple[str, ...]


def assembled(source: Source, name: str) -> Image:
    """The one image of ``source``.

    Raises:
        ImageTrouble: there is none, there are several, or a part is missing or makes no sense.
    """
    try:
        if source.document("manifest.json") is not None:
            parts = _of_docker(source, name)
        elif source.document("index.json") is not None:
            parts = _of_layout(source, name)
        else:
            raise ImageTrouble(
                name,
                "no image archive: it has neither a manifest.json nor an index.json",
                "give what `docker save` or an OCI layout is",
            )
        return _image(source, name, parts)
    except RecursionError:
        _broken(name, "its documents are nested too deeply")
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
        _broken(name, f"its manifest or configuration has another shape than expected ({error!r})")


def _of_docker(source: Source, name: str) -> _Parts:
    rows = _json(source, "manifest.json", name)
    images = {row["Config"]: row for row in rows}
    if len(images) != 1:
        _choose(name, [", ".join(row.get("RepoTags") or [row["Config"]]) for row in images.values()])
    row = next(iter(images.values()))
    return _Parts(row["Config"], tuple(row["Layers"] or ()))


def _of_layout(source: Source, name: str) -> _Parts:
    found = {one["digest"]: one for one in _manifests(source, "index.json", name)}
    if len(found) > 1:
        here = _MACHINES.get(platform.machine().lower(), "")
        mine = {key: one for key, one in found.items() if one.get("platform", {}).get("architecture") == here}
        found = mine or found
    if len(found) != 1:
        _choose(name, [_said(one) for one in found.values()])
    described = _json(source, _blob(next(iter(found)), name), name)
    return _Parts(
        _blob(described["config"]["digest"], name),
        tuple(_blob(layer["digest"], name) for layer in described["layers"]),
    )


def _manifests(source: Source, document: str, name: str) -> Iterator[dict[str, Any]]:
    """The descriptors of image manifests in an index and in the indexes that it names; attestations are none."""
    for one in _json(source, document, name)["manifests"]:
        if (one.get("annotations") or {}).get("vnd.docker.reference.type"):
            continue
        if one.get("mediaType", "").endswith((".image.index.v1+json", ".manifest.list.v2+json")):
            yield from _manifests(source, _blob(one["digest"], name), name)
        else:
            yield one


def _said(descriptor: dict[str, Any]) -> str:
    tag = (descriptor.get("annotations") or {}).get("org.opencontainers.image.ref.name", "")
    machine = descriptor.get("platform", {})
    return " ".join(filter(None, (tag, f"{machine.get('os', '')}/{machine.get('architecture', '')}".strip("/"))))


def _image(source: Source, name: str, parts: _Parts) -> Image:
    config = _json(source, parts.config, name)
    digests = [str(digest) for digest in config["rootfs"]["diff_ids"]]
    if len(digests) != len(parts.layers):
        _broken(name, f"its manifest has {len(parts.layers)} layers, its configuration {len(digests)}")
    history = _history(config.get("history") or [], len(digests))
    steps = {step.layer: step for step in history if step.layer is not None}
    layers = []
    for at, (digest, part) in enumerate(zip(digests, parts.layers, strict=True)):
        read = source.layer(part)
        if read is None:
            _broken(name, f"its layer {part} is missing")
        step = steps.get(at, Step("", at))
        counted = read.content + (0 if step.comment.startswith(_BUILDKIT) else read.links)
        layers.append(Layer(digest, step.created_by, counted, read.compressed_bytes, read.entries))
    return Image(
        name,
        dict(config.get("config") or {}),
        str(config.get("architecture", "")),
        str(config.get("os", "")),
        history,
        tuple(layers),
    )


def _history(steps: list[dict[str, Any]], layers: int) -> tuple[Step, ...]:
    """The history with the layers that its steps made, in order. Where the history is shorter than the layers, the
    lowest ones have no step: a base that was imported may have none."""
    makes = sum(not step.get("empty_layer") for step in steps)
    at = max(0, layers - makes)
    found = []
    for step in steps:
        made = not step.get("empty_layer") and at < layers
        created_by, created, comment = (str(step.get(key) or "") for key in ("created_by", "created", "comment"))
        found.append(Step(created_by, at if made else None, created, comment))
        at += made
    return tuple(found)


def _json(source: Source, document: str, name: str) -> Any:
    data = source.document(document)
    if data is None:
        _broken(name, f"{document} is missing")
    try:
        return json.loads(data)
    except ValueError as error:
        _broken(name, f"{document} is no JSON ({error})")


def _blob(digest: str, name: str) -> str:
    """The path of a blob in a layout. A digest of another shape could lead out of it."""
    if not _DIGEST.fullmatch(digest):
        _broken(name, f"{digest!r} is no digest")
    return "blobs/" + digest.replace(":", "/")


def _choose(name: str, names: list[str]) -> NoReturn:
    if not names:
        _broken(name, "it holds no image")
    raise ImageTrouble(name, f"it holds {len(names)} images ({'; '.join(names)})", "save one of them on its own")


def _broken(name: str, cause: str) -> NoReturn:
    raise ImageTrouble(name, cause, "save the image again")
