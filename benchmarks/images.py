"""Checks `dslim layers` with a real engine: its figures against Docker's own and against an independent reading.

    python -m benchmarks.images [--only PART] [--no-network] [--large]

An engine must answer (DOCKER_HOST). For each Dockerfile of ``benchmarks.planted``:

- bytes of every layer and of the image against ``docker history`` and ``docker image inspect``, and against the same
  archive read with Python's tarfile;
- the report by the engine, by a `docker save` file, and by OCI layouts whose layers are plain, gzip and zstd;
- the waste that was planted, and that nothing else is told of the layers above the base image.

With ``--large``, an image of 2 GB: memory and time of ``dslim layers`` against reading the same archive with tarfile,
each the best of three in turns, and of the engine's stream against `docker save` alone. Exit code 1 when a figure is not
what it must be.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.planted import PLANTED, Plant, Planted
from dslim.images.source import open_image
from dslim.layers.analysis import analyse
from dslim.layers.blame import Written

_LARGE = """\
FROM golang:1.24
COPY --from=python:3.13 / /python
COPY --from=node:24 / /node
RUN rm -r /node/usr/share && chmod 600 /python/usr/bin/git
"""
MEMORY = 150 * 10**6
TIMES = 1.5


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="a part of the name")
    parser.add_argument("--no-network", action="store_true", help="without those that need a package index")
    parser.add_argument("--large", action="store_true", help="memory and time on an image of 2 GB")
    arguments = parser.parse_args()
    chosen = [one for one in PLANTED if arguments.only in one.name and not (one.network and arguments.no_network)]
    wrong = planted = 0
    with tempfile.TemporaryDirectory(prefix="dslim-bench-") as folder:
        for one in chosen:
            faults = _checked(one, Path(folder))
            planted += len(one.waste)
            print(f"{one.name}: {'; '.join(faults) if faults else 'right'}", flush=True)
            wrong += bool(faults)
        print(f"{len(chosen) - wrong} of {len(chosen)} images right, {planted} wastes planted")
        if arguments.large:
            wrong += _large(Path(folder))
    return 1 if wrong else 0


def _checked(one: Planted, folder: Path) -> list[str]:
    """What is wrong with the report of one image."""
    context = folder / one.name
    for name, data in one.files.items():
        (context / name).parent.mkdir(parents=True, exist_ok=True)
        (context / name).write_bytes(data)
    context.mkdir(exist_ok=True)
    (context / "Dockerfile").write_text(one.dockerfile, "utf-8")
    tag = f"dslim-bench-images:{one.name}"
    _build(context, tag, one.classic)
    archive = folder / "image.tar"
    try:
        subprocess.run(["docker", "save", "-o", str(archive), tag], check=True)
        image = open_image(tag)
        written = Written(str(context / "Dockerfile"), one.dockerfile)
        record = analyse(image, written).record
        faults = [*_counted(tag, image, archive), *_ways(record, written, archive, folder / "layout")]
        return faults + _found(record, one.waste)
    finally:
        archive.unlink(missing_ok=True)
        subprocess.run(["docker", "image", "rm", tag], capture_output=True, check=False)


def _build(context: Path, tag: str, classic: bool = False) -> None:
    environment = {**os.environ, "DOCKER_BUILDKIT": "0" if classic else "1"}
    command = ["docker", "build", "-q", "--network=host", "-t", tag, str(context)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        raise SystemExit(f"{tag} does not build: {done.stderr.strip()[-300:]}")


def _counted(tag: str, image: Any, archive: Path) -> list[str]:
    """Bytes against Docker's own figures, and against tarfile."""
    described = json.loads(subprocess.check_output(["docker", "image", "inspect", tag]))[0]
    form = ["--no-trunc", "--human=false", "--format", "{{.Size}}"]
    history = subprocess.check_output(["docker", "history", *form, tag], text=True).split()
    ours = [0 if step.layer is None else image.layers[step.layer].bytes for step in image.history]
    faults = []
    if image.bytes != described["Size"]:
        faults.append(f"total {image.bytes}, docker image inspect says {described['Size']}")
    if ours[::-1] != [int(size) for size in history]:
        faults.append(f"layers {ours[::-1]}, docker history says {history}")
    steps = {step.layer: step for step in image.history}
    for at, (content, links) in enumerate(_read(archive)):
        expected = content + (0 if steps[at].comment.startswith("buildkit") else links)
        if expected != image.layers[at].bytes:
            faults.append(f"layer {at} {image.layers[at].bytes}, tarfile reads {expected}")
    return faults


def _read(archive: Path) -> list[tuple[int, int]]:
    """Content and symlink bytes of each layer, by tarfile alone."""
    found = []
    with tarfile.open(archive) as outer:
        manifest = json.load(outer.extractfile("manifest.json") or sys.exit("no manifest"))
        for name in manifest[0]["Layers"]:
            content = links = 0
            with tarfile.open(fileobj=outer.extractfile(name)) as inner:
                for member in inner:
                    if member.isreg():
                        file = inner.extractfile(member)
                        assert file is not None
                        content += len(file.read())
                    elif member.issym():
                        links += len(member.linkname.encode("utf-8", "surrogateescape"))
            found.append((content, links))
    return found


def _ways(record: dict[str, Any], written: Written, archive: Path, layout: Path) -> list[str]:
    """The other ways to the image whose report differs."""
    faults = []
    if _alike(analyse(open_image(str(archive)), written).record) != _alike(record):
        faults.append("the archive gives another report")
    for packing in ("", "gzip", "zstd"):
        _unpack(archive, layout, packing)
        if _alike(analyse(open_image(str(layout)), written).record) != _alike(record):
            faults.append(f"an OCI layout ({packing or 'plain'}) gives another report")
        subprocess.run(["rm", "-r", str(layout)], check=True)
    return faults


def _alike(record: dict[str, Any]) -> dict[str, Any]:
    """The record without what says where the image came from and how its layers were packed."""
    layers = [{**layer, "compressed_bytes": None} for layer in record["layers"]]
    return {**record, "image": "", "layers": layers}


def _unpack(archive: Path, layout: Path, packing: str) -> None:
    """Make an OCI layout of a `docker save` tar, its layers packed anew."""
    import zstandard

    layout.mkdir()
    with tarfile.open(archive) as outer:
        outer.extractall(layout, filter="data")
    (layout / "manifest.json").unlink()
    if not packing:
        return
    index = json.loads((layout / "index.json").read_text())
    manifest = json.loads(_blob(layout, index["manifests"][0]["digest"]).read_bytes())
    for layer in manifest["layers"]:
        data = _blob(layout, layer["digest"]).read_bytes()
        packed = gzip.compress(data, 1) if packing == "gzip" else zstandard.compress(data, 1)
        layer["digest"] = _store(layout, packed)
        layer["mediaType"] = f"application/vnd.oci.image.layer.v1.tar+{packing}"
    index["manifests"][0]["digest"] = _store(layout, json.dumps(manifest).encode())
    (layout / "index.json").write_text(json.dumps(index))


def _store(layout: Path, data: bytes) -> str:
    digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
    _blob(layout, digest).write_bytes(data)
    return digest


def _blob(layout: Path, digest: str) -> Path:
    return layout / "blobs" / digest.replace(":", "/")


def _found(record: dict[str, Any], expected: tuple[Plant, ...]) -> list[str]:
    """What was planted and not found, and what was found and not planted, above the base image."""
    made = [at for at, layer in enumerate(record["layers"]) if layer["line"]]
    told = [one for one in record["waste"] if one["layer"] in made]
    faults = []
    for plant in expected:
        match = [one for one in told if (one["kind"], one["path"]) == (plant.kind, plant.path)]
        told = [one for one in told if one not in match]
        if len(match) != 1:
            faults.append(f"{plant.kind} /{plant.path} found {len(match)} times")
        elif plant.bytes is not None and match[0]["bytes"] != plant.bytes:
            faults.append(f"{plant.kind} /{plant.path}: {match[0]['bytes']} bytes, not {plant.bytes}")
        elif match[0]["cure"] != plant.cure:
            faults.append(f"{plant.kind} /{plant.path}: cured by {match[0]['cure']}, not {plant.cure}")
    # What does not count as waste is a hint, and packages that were installed do have documents.
    return faults + [f"invented: {one['kind']} /{one['path']}, {one['bytes']} bytes" for one in told if one["counted"]]


def _large(folder: Path) -> int:
    """Memory and time on a large image; the result is how many figures are not what they must be."""
    context = folder / "large"
    context.mkdir()
    (context / "Dockerfile").write_text(_LARGE, "utf-8")
    tag = "dslim-bench-images:large"
    _build(context, tag)
    archive = folder / "large.tar"
    subprocess.run(["docker", "save", "-o", str(archive), tag], check=True)
    ours = [sys.executable, "-m", "dslim", "layers", "--format", "json"]
    reader = [sys.executable, "-c", f"import benchmarks.images as i, pathlib; i._read(pathlib.Path({str(archive)!r}))"]
    commands = {
        "archive": [*ours, str(archive)],
        "tarfile": reader,
        "engine": [*ours, tag],
        "docker save": ["docker", "save", tag],
    }
    best = dict.fromkeys(commands, float("inf"))
    for _ in range(3):
        for name, command in commands.items():
            began = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            best[name] = min(best[name], time.perf_counter() - began)
    memory = max(_memory(commands["archive"]), _memory(commands["engine"]))
    record = json.loads(subprocess.check_output(commands["archive"]))
    files = sum(layer["files"] for layer in record["layers"])
    print(f"{record['total_bytes']:,} bytes, {files:,} files")
    print(f"memory {memory / 10**6:.0f} MB (at most {MEMORY / 10**6:.0f})")
    times = best["archive"] / best["tarfile"]
    print(f"archive {best['archive']:.2f} s, tarfile {best['tarfile']:.2f} s: {times:.2f} times (at most {TIMES})")
    print(f"engine {best['engine']:.2f} s, docker save alone {best['docker save']:.2f} s")
    archive.unlink()
    subprocess.run(["docker", "image", "rm", tag], capture_output=True, check=False)
    return (memory > MEMORY) + (times > TIMES)


def _memory(command: list[str]) -> int:
    """The most bytes that a process of its own had in memory."""
    script = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    said = subprocess.check_output([sys.executable, "-c", script, *command], text=True)
    return int(said) * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    sys.exit(main())
