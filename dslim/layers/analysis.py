"""All that `dslim layers` knows of an image, and how it is said as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from dslim.images.image import Image, hides
from dslim.layers.blame import Blame, Written, blame
from dslim.layers.cures import Cures
from dslim.layers.history import Script, said
from dslim.layers.stack import Stack
from dslim.layers.waste import COUNTED, waste

VERSION = 1


class Analysis(NamedTuple):
    """``record`` is the JSON of `schema/layers-1.json`; ``note`` is worth telling a person, or ""."""

    record: dict[str, Any]
    note: str


def analyse(image: Image, written: Written | None = None, top: int = 10) -> Analysis:
    """Look at every layer of ``image``. ``top`` is how many large files are named.

    Raises:
        ImageTrouble: the Dockerfile cannot be read.
    """
    origins = blame(image, written)
    scripts = [Script(origin.said) for origin in origins.origins]
    stack = Stack(image)
    found = waste(stack, scripts, top)
    cures = Cures(origins.origins, scripts, said(image.history), None if origins.note else written)
    lines = written if written and not origins.note else None
    rows = [
        {
            "kind": one.kind,
            "layer": one.layer,
            "path": one.path,
            "bytes": one.bytes,
            "files": one.files,
            "instruction": origins.origins[one.layer].said.text,
            "by": one.by,
            "counted": one.kind in COUNTED,
            "cure": cures.cure(one),
        }
        for one in found
    ]
    record = {
        "version": VERSION,
        "image": image.name,
        "total_bytes": image.bytes,
        "wasted_bytes": sum(one.bytes for one in found if one.kind in COUNTED),
        "efficiency": stack.efficiency,
        "layers": [_layer(image, at, origins, lines) for at in range(len(image.layers))],
        "waste": rows,
    }
    return Analysis(record, origins.note)


def _layer(image: Image, at: int, origins: Blame, written: Written | None) -> Mapping[str, Any]:
    layer, origin = image.layers[at], origins.origins[at]
    known = written is not None and bool(origin.line)
    return {
        "digest": layer.digest,
        "instruction": origin.said.text,
        "file": written.path if written is not None and known else None,
        "line": origin.line if known else None,
        "bytes": layer.bytes,
        "compressed_bytes": layer.compressed_bytes,
        "files": sum(
            layer.entries.kind(place) != "directory" and hides(path) is None
            for place, path in enumerate(layer.entries.paths())
        ),
    }
