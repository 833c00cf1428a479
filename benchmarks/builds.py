"""Builds original and rewritten Dockerfiles with a real Docker engine, and compares the images.

    python -m benchmarks.builds CORPUS.jsonl.gz BUILDABLE.jsonl [--limit N]
    python -m benchmarks.builds DIRECTORY              every */before.Dockerfile below it, with the context beside it

BUILDABLE names corpus files by ``id`` and the local ``base`` to put in place of their FROM. An engine must answer
(DOCKER_HOST). Prints, per file, bytes before and after and each difference that the named classes do not explain, then
the totals. Exit code 1 when a rewrite fails to build, differs, or grows.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import dslim

#: what two builds of the same file may differ in: indexes, caches, logs, bytecode, and what is made at random
VOLATILE = {
    "package index": re.compile(r"^(var/lib/apt/lists|var/cache/apt|var/cache/apk|lib/apk/db|var/cache/(yum|dnf))(/|$)"),
    "cache": re.compile(
        r"^(root|home/[^/]+)/(\.cache|\.npm|\.yarn|\.gem/specs|\.composer/cache|\.cpanm|\.bundle/cache)(/|$)"
        r"|^usr/local/bundle/cache/|/\.cache/"
    ),
    "log": re.compile(r"^var/log/|^root/\.npm/_logs|/\.npm/_logs"),
    "bytecode": re.compile(r"\.py[co]$|/__pycache__$"),
    "backup and state of package managers": re.compile(
        r"^var/cache/(debconf|ldconfig|man|fontconfig)/|^var/lib/dpkg/|^etc/(passwd|group|shadow|gshadow|subuid|subgid)-$"
    ),
    "made at random": re.compile(
        r"^etc/(machine-id|ssh/ssh_host|ssl/private/ssl-cert-snakeoil|ssl/certs/(ssl-cert-snakeoil|[0-9a-f]{8}\.\d+))"
        r"|^var/lib/(dbus/machine-id|systemd/|mysql/|postgresql/)|^etc/postgresql|ca-certificates\.crt$|/cacerts$|^etc/mysql/debian\.cnf"
    ),
    "temporary": re.compile(r"^(tmp|var/tmp|run|dev|proc|sys|\.dockerenv|etc/(hosts|resolv\.conf|hostname))(/|$)"),
}
_CONFIGURATION = ("Env", "Cmd", "Entrypoint", "WorkingDir", "User", "ExposedPorts", "Labels", "Volumes", "StopSignal",
                  "Healthcheck", "Shell", "OnBuild")  # fmt: skip


class Case(NamedTuple):
    name: str
    text: str
    context: Path | None


class Image(NamedTuple):
    """A built image: bytes of its layers, its configuration, and a line for each path of its file system."""

    size: int
    configuration: dict[str, Any]
    tree: dict[str, str]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("buildable", type=Path, nargs="?")
    parser.add_argument("--limit", type=int, default=10_000)
    parser.add_argument("--only", default="", help="a part of the name")
    arguments = parser.parse_args()
    cases = _corpus(arguments.source, arguments.buildable) if arguments.buildable else _folder(arguments.source)
    total: Counter[str] = Counter()
    for number, case in enumerate(case for case in cases if arguments.only in case.name):
        if number >= arguments.limit:
            break
        total.update(_compare(case))
    print(dict(total))
    if total["bytes before"]:
        saved = total["bytes before"] - total["bytes after"]
        print(f"saved {saved} of {total['bytes before']} bytes, {saved / total['bytes before']:.1%}")
    return 1 if total["broken"] or total["different"] or total["grown"] else 0


def _corpus(corpus: Path, buildable: Path) -> Iterator[Case]:
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        texts = {row["id"]: row["text"] for row in map(json.loads, lines)}
    rows = [json.loads(line) for line in buildable.read_text("utf-8").splitlines()]
    missing = sum(row["id"] not in texts for row in rows)
    if missing:
        print(f"{missing} of {len(rows)} in BUILDABLE are not in CORPUS")
    for row in sorted(rows, key=lambda row: row["secs"]):  # the quick ones first
        if row["id"] in texts:
            text = re.sub(r"(?im)^([ \t]*FROM[ \t]+)\S+", rf"\g<1>{row['base']}", texts[row["id"]], count=1)
            yield Case(row["id"][:12], text, None)


def _folder(root: Path) -> Iterator[Case]:
    for path in sorted(root.glob("**/before.Dockerfile")):
        context = path.parent / "context"
        yield Case(str(path.parent.relative_to(root)), path.read_bytes().decode(), context if context.is_dir() else None)


def _compare(case: Case) -> Counter[str]:
    report = dslim.rewrite(case.text)
    if not report.changed:
        print(f"{case.name}: nothing to rewrite")
        return Counter({"nothing to rewrite": 1})
    began = time.monotonic()
    before, why = _build(case.text, case.context)
    if before is None:
        print(f"{case.name}: the original does not build: {why}")
        return Counter({"original does not build": 1})
    after, why = _build(report.text, case.context)
    if after is None:
        print(f"{case.name}: BROKEN: {why}\n{report.text}")
        return Counter({"broken": 1})
    result = Counter({"compared": 1, "bytes before": before.size, "bytes after": after.size})
    differences, explained = _differences(before, after)
    if differences:
        # what differs between two builds of the original is not held against the rewrite
        again, _ = _build(case.text, case.context)
        noise = {one.split(": ")[0] for one in _differences(before, again)[0]} if again is not None else set()
        differences = [one for one in differences if one.split(": ")[0] not in noise]
    seconds = time.monotonic() - began
    print(f"{case.name}: {before.size} -> {after.size} bytes ({after.size - before.size:+}), {seconds:.0f} s, {dict(explained)}")
    for one in differences[:12]:
        print(f"    {one}")
    if differences:
        result["different"] += 1
    if after.size > before.size:
        print("    GROWN")
        result["grown"] += 1
    sys.stdout.flush()
    return result


def _build(text: str, context: Path | None) -> tuple[Image | None, str]:
    """The image, or None and the last lines of the build. Built without cache; the tag is removed again."""
    tag = "dslim-bench:" + hashlib.sha1(text.encode()).hexdigest()[:12]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "Dockerfile")
        file.write_bytes(text.encode())
        command = ["docker", "build", "--no-cache", "-q", "-t", tag, "-f", str(file), str(context or folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            return None, "\n".join(done.stderr.strip().splitlines()[-6:])
        try:
            return _inspect(tag), ""
        finally:
            subprocess.run(["docker", "rmi", "-f", tag], capture_output=True, check=False)


def _inspect(tag: str) -> Image:
    described = json.loads(subprocess.check_output(["docker", "image", "inspect", tag]))[0]
    configuration = {key: described["Config"].get(key) or None for key in _CONFIGURATION}
    container = subprocess.check_output(["docker", "create", tag, "true"], text=True).strip()
    try:
        export = subprocess.Popen(["docker", "export", container], stdout=subprocess.PIPE)
        assert export.stdout is not None
        with tarfile.open(fileobj=export.stdout, mode="r|") as archive:
            tree = {member.name: _line(archive, member) for member in archive}
        export.wait()
    finally:
        subprocess.run(["docker", "rm", "-f", container], capture_output=True, check=False)
    return Image(described["Size"], configuration, tree)


def _line(archive: tarfile.TarFile, member: tarfile.TarInfo) -> str:
    """Type, mode, owner, link target and content of one path."""
    content = ""
    if member.isreg():
        file = archive.extractfile(member)
        assert file is not None
        content = hashlib.sha256(file.read()).hexdigest()[:16]
    return f"{member.type!r} {member.mode:o} {member.uid}:{member.gid} {member.linkname} {content}"


def _differences(before: Image, after: Image) -> tuple[list[str], Counter[str]]:
    """The differences that no class explains, and how many paths each class explains."""
    found = [
        f"configuration: {key}: {before.configuration[key]} -> {after.configuration[key]}"
        for key in _CONFIGURATION
        if before.configuration[key] != after.configuration[key]
    ]
    explained: Counter[str] = Counter()
    for path in sorted(before.tree.keys() | after.tree.keys()):
        old, new = before.tree.get(path), after.tree.get(path)
        if old == new:
            continue
        name = next((name for name, pattern in VOLATILE.items() if pattern.search(path)), None)
        if name is not None:
            explained[name] += 1
        else:
            found.append(f"{path}: {'new' if old is None else 'gone' if new is None else f'{old} -> {new}'}")
    return found, explained


if __name__ == "__main__":
    sys.exit(main())
