"""Builds original and rewritten Dockerfiles with a real Docker engine, and compares the images.

    python -m benchmarks.builds CORPUS.jsonl.gz BUILDABLE.jsonl [--limit N]
    python -m benchmarks.builds DIRECTORY              every */before.Dockerfile below it, with ``context`` beside it

BUILDABLE names corpus files by ``id`` and the local ``base`` to put in place of their FROM. An engine must answer
(DOCKER_HOST). Prints, per file, bytes before and after and each difference that the named classes do not explain, then
the totals. Exit code 1 when a rewrite fails to build, differs, grows, or changes a file whose name says ``stays``.

At ``--level safe`` (the default) each unexplained path is a difference. At ``--level review``, what a REVIEW rewrite
takes out of the file system is printed as "reviewed" and not held against it; the configuration, the program that the
image starts (not where the base is another, whose interpreter is another build) and the bytes still count, and where
all applied rewrites are SAFE the comparison is as strict as before.
A ``check.sh`` beside the Dockerfile is run by ``/bin/sh`` in both images, without network: output and exit code must
agree at every level.
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
from dslim.context import Context
from rewriter.report import Outcome
from rewriter.rule import Phase, Safety
from transforms import pipeline

#: what two builds of the same file may differ in: indexes, caches, logs, bytecode, and what is made at random
VOLATILE = {
    "package index": re.compile(
        r"^(var/lib/apt/lists|var/cache/apt|var/cache/apk|lib/apk/db|var/cache/(yum|dnf))(/|$)"
    ),
    "cache": re.compile(  # of package managers, each by its name: what else is below .cache may be what a program needs
        r"(^|/)\.cache(/?$|/(pip|pipenv|uv|pypoetry|yarn|pnpm|bower|composer|go-build|luarocks|node|node-gyp)(/|$))"
        r"|^(root|home/[^/]+)/(\.npm|\.yarn|\.gem/specs|\.composer/cache|\.cpanm|\.bundle/cache)(/|$)"
        r"|^usr/local/bundle/cache/|/gems/[0-9.]+/cache/[^/]+\.gem$"
    ),
    "log": re.compile(r"^var/log/|^root/\.npm/_logs|/\.npm/_logs"),
    "bytecode": re.compile(r"\.py[co]$|/__pycache__$"),
    "backup and state of package managers": re.compile(
        r"^var/cache/(debconf|ldconfig|man|fontconfig)/"
        r"|^var/lib/dpkg/(status|available|diversions|statoverride|lock|lock-frontend|triggers/\w+)(-old)?$|^etc/(passwd|group|shadow|gshadow|subuid|subgid)-$"
    ),
    "made at random": re.compile(
        r"^etc/(machine-id|ssh/ssh_host|ssl/private/ssl-cert-snakeoil|ssl/certs/(ssl-cert-snakeoil|[0-9a-f]{8}\.\d+))"
        r"|^var/lib/(dbus/machine-id|systemd/|mysql/|postgresql/)|^etc/postgresql|ca-certificates\.crt$|/cacerts$|^etc/mysql/debian\.cnf"
    ),
    "temporary": re.compile(r"^(tmp|var/tmp|run|dev|proc|sys|\.dockerenv|etc/(hosts|resolv\.conf|hostname))(/|$)"),
}
_CONFIGURATION = ("Env", "Cmd", "Entrypoint", "WorkingDir", "User", "ExposedPorts", "Labels", "Volumes", "StopSignal",
                  "Healthcheck", "Shell", "OnBuild")  # fmt: skip


FAILURES = ("broken", "different", "grown", "changed what stays", "other result of check.sh", "rewriter's mistake")
REBASING = frozenset(one.name for one in pipeline() if one.phase is Phase.BASE)
STAYS = "stays"  #: a case with this in its name must not change


class Case(NamedTuple):
    """``check`` is shell text to run in both images, or empty."""

    name: str
    text: str
    context: Path | None
    check: str = ""


class Image(NamedTuple):
    """A built image: bytes of its layers, configuration, a line for each path, and what the check said."""

    size: int
    configuration: dict[str, Any]
    tree: dict[str, str]
    said: str


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("buildable", type=Path, nargs="?")
    parser.add_argument("--limit", type=int, default=10_000)
    parser.add_argument("--only", default="", help="a part of the name")
    parser.add_argument("--level", default="safe", choices=("safe", "review"), help="what to apply, and how to compare")
    parser.add_argument("--unchanged", action="store_true", help="build files without a rewrite too")
    arguments = parser.parse_args()
    cases = _corpus(arguments.source, arguments.buildable) if arguments.buildable else _folder(arguments.source)
    total: Counter[str] = Counter()
    for number, case in enumerate(case for case in cases if arguments.only in case.name):
        if number >= arguments.limit:
            break
        total["files"] += 1
        total.update(_compare(case, arguments.level, arguments.unchanged))
    print(dict(total))
    if total["bytes before"]:
        saved = total["bytes before"] - total["bytes after"]
        print(f"saved {saved} of {total['bytes before']} bytes, {saved / total['bytes before']:.1%}")
    return 1 if any(total[name] for name in FAILURES) else 0


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
        check = path.parent / "check.sh"
        yield Case(
            str(path.parent.relative_to(root)),
            path.read_bytes().decode(),
            context if context.is_dir() else None,
            check.read_text("utf-8") if check.is_file() else "",
        )


def _compare(case: Case, level: str, unchanged: bool) -> Counter[str]:
    report = dslim.rewrite(case.text, level=level, context=Context(str(case.context)) if case.context else None)
    if report.crashed or report.unsettled:
        print(f"{case.name}: crashed: {report.crashed}, unsettled: {report.unsettled}")
        return Counter({"rewriter's mistake": 1})
    if not report.changed:
        print(f"{case.name}: nothing to rewrite", flush=True)
        if unchanged:
            image, why = _build(case)
            if image is None:
                print(f"{case.name}: the original does not build: {why}")
                return Counter({"nothing to rewrite": 1, "original does not build": 1})
        return Counter({"nothing to rewrite": 1})
    if STAYS in case.name:
        print(f"{case.name}: CHANGED, and must not be\n{report.text}")
        return Counter({"changed what stays": 1})
    began = time.monotonic()
    before, why = _build(case)
    if before is None:
        print(f"{case.name}: the original does not build: {why}")
        return Counter({"original does not build": 1})
    after, why = _build(case._replace(text=report.text))
    if after is None:
        print(f"{case.name}: BROKEN: {why}\n{report.text}")
        return Counter({"broken": 1})
    result = Counter({"compared": 1, "bytes before": before.size, "bytes after": after.size})
    differences, explained = _differences(before, after)
    noise: set[str] = set()
    if differences or before.said != after.said:
        # what differs between two builds of the original is not held against the rewrite
        again, _ = _build(case)
        if again is not None:
            noise = {_kind(one) for one in _differences(before, again)[0]}
            if again.said != before.said:
                print(f"{case.name}: check.sh says something else with each build of the original: not compared")
                after = after._replace(said=before.said)
    differences = [one for one in differences if _kind(one) not in noise]
    applied = [told for told in report.findings if told.outcome is Outcome.APPLIED]
    reviewed = any(told.safety < Safety.SAFE for told in applied)
    seconds = time.monotonic() - began
    grown = after.size - before.size
    print(f"{case.name}: {before.size} -> {after.size} bytes ({grown:+}), {seconds:.0f} s, {dict(explained)}")
    for path in sorted(noise)[:6]:
        print(f"    differs with each build of the original: {path}")
    if len(noise) > 6:
        print(f"    ... {len(noise)} differ with each build of the original")
    lost = [one for one in differences if not reviewed or one.startswith("configuration: ")]
    if not any(
        told.transform in REBASING for told in applied
    ):  # else the interpreter is another build, and check.sh judges
        lost += _program(before, after)
    for one in lost[:12]:
        print(f"    {one}")
    others = [one for one in differences if one not in lost]
    for one in others[:8]:
        print(f"    reviewed: {one}")
    if len(lost) > 12 or len(others) > 8:
        print(f"    ... {len(lost)} in all, and {len(others)} reviewed")
    if lost:
        result["different"] += 1
    if others:
        result["only reviewed differences"] += 1
    if after.said != before.said:
        print(f"    CHECK: it said\n{before.said}\n    and says now\n{after.said}")
        result["other result of check.sh"] += 1
    if case.check:
        result["checked by check.sh"] += 1
    if grown > 0:
        print("    GROWN")
        result["grown"] += 1
    elif not grown:
        result["same size"] += 1
    sys.stdout.flush()
    return result


def _kind(difference: str) -> str:
    """A path that changes with each build may still not go: the path, and whether it is new, gone or changed."""
    path, _, what = difference.rpartition(": ")
    return difference if what in ("new", "gone") else path


def _program(before: Image, after: Image) -> list[str]:
    """Whether the program that the image starts, where its path is known, is still the same file."""
    started = (before.configuration["Entrypoint"] or before.configuration["Cmd"] or [""])[0]
    folders = next(
        (v[5:].split(":") for v in before.configuration["Env"] or () if v.startswith("PATH=")),
        ["/usr/local/bin", "/usr/bin", "/bin"],
    )
    paths = [started] if "/" in started else [f"{folder}/{started}" for folder in folders]
    found = next((p.strip("/") for p in paths if p.strip("/") in before.tree), None)
    if found is None or before.tree[found] == after.tree.get(found):
        return []
    return [f"the program /{found}: {before.tree[found]} -> {after.tree.get(found, 'gone')}"]


def _build(case: Case) -> tuple[Image | None, str]:
    """The image, or None and the last lines of the build. Built without cache; the tag is removed again."""
    tag = "dslim-bench:" + hashlib.sha1(case.name.encode() + case.text.encode()).hexdigest()[:12]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "Dockerfile")
        file.write_bytes(case.text.encode())
        command = ["docker", "build", "--no-cache", "-q", "-t", tag, "-f", str(file), str(case.context or folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            return None, "\n".join(done.stderr.strip().splitlines()[-6:])
        try:
            return _inspect(tag, case.check), ""
        finally:
            subprocess.run(["docker", "rmi", "-f", tag], capture_output=True, check=False)


def _said(tag: str, check: str) -> str:
    """Exit code and output of the check in a container of the image."""
    command = ["docker", "run", "--rm", "--network", "none", "--entrypoint", "/bin/sh", tag, "-c", check]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return f"{done.returncode}\n{done.stdout}"


def _inspect(tag: str, check: str) -> Image:
    described = json.loads(subprocess.check_output(["docker", "image", "inspect", tag]))[0]
    configuration = {key: described["Config"].get(key) or None for key in _CONFIGURATION}
    container = subprocess.check_output(["docker", "create", tag, "true"], text=True).strip()
    try:
        export = subprocess.Popen(["docker", "export", container], stdout=subprocess.PIPE)
        assert export.stdout is not None
        with tarfile.open(fileobj=export.stdout, mode="r|") as archive:
            tree: dict[str, str] = {}
            for member in archive:  # of several hard links to one file, the first in the archive has the content
                tree[member.name] = tree[member.linkname] if member.islnk() else _line(archive, member)
        export.wait()
    finally:
        subprocess.run(["docker", "rm", "-f", container], capture_output=True, check=False)
    return Image(described["Size"], configuration, tree, _said(tag, check) if check else "")


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
