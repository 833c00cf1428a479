"""Builds original and rewritten Dockerfiles with a real Docker engine, and compares the images (see :mod:`dslim.verify`).

    python -m benchmarks.builds CORPUS.jsonl.gz BUILDABLE.jsonl [--limit N]
    python -m benchmarks.builds DIRECTORY              every */before.Dockerfile below it, with ``context`` beside it

BUILDABLE names corpus files by ``id`` and the local ``base`` to put in place of their FROM. An engine must answer
(DOCKER_HOST). Prints, per file, bytes before and after and each difference that the named classes do not explain, then
the totals. Exit code 1 when a rewrite fails to build, differs, grows, or changes a file whose name says ``stays`` (where no
other base is asked for) or ``asks``. The latter are proposals whose question a person answers with no: at ``show`` they are
not built, and the questions are printed.

At ``--level safe`` (the default) each unexplained path is a difference. At ``review`` and ``show``, where such a rewrite was
applied, the same program is enough: the configuration, what the image starts and the files that were copied into it.
Where all applied rewrites are SAFE the comparison is as strict as before. A ``check.sh`` beside the Dockerfile is run by
``/bin/sh`` in both images, without network: output and exit code must agree at every level.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import dslim
from dslim.context import Context
from dslim.verify.build import Settings
from dslim.verify.command import only_safe, run
from dslim.verify.verdict import CODES, NOT_BUILT, SAME_PROGRAM
from dslim.verify.verify import Asked

FAILURES = ("different", "grown", "changed what stays", "rewriter's mistake")
STAYS = "stays"  #: a case with this in its name must not change, unless another base is asked for
ASKS = "asks"  #: a case with this in its name must not change at review, and at show not without a question
QUESTION = "to confirm: "  #: how a fact begins that a person has to confirm
_SHOWN = 12  #: differences of one file


class Case(NamedTuple):
    """``check`` is shell text to run in both images, or empty."""

    name: str
    text: str
    context: Path | None
    check: str = ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("buildable", type=Path, nargs="?")
    parser.add_argument("--limit", type=int, default=10_000)
    parser.add_argument("--only", default="", help="a part of the name")
    parser.add_argument(
        "--level", default="safe", choices=("safe", "review", "show"), help="what to apply, and how to compare"
    )
    parser.add_argument(
        "--base", default="auto", choices=("auto", "slim", "alpine", "keep"), help="the base that is wanted"
    )
    parser.add_argument("--network", default="", help="of the builds: default, none or host")
    arguments = parser.parse_args()
    cases = corpus(arguments.source, arguments.buildable) if arguments.buildable else folder(arguments.source)
    total: Counter[str] = Counter()
    for number, case in enumerate(case for case in cases if arguments.only in case.name):
        if number >= arguments.limit:
            break
        total["files"] += 1
        total.update(_compare(case, arguments.level, arguments.base, arguments.network))
    print(dict(total))
    if total["bytes before"]:
        saved = total["bytes before"] - total["bytes after"]
        print(f"saved {saved} of {total['bytes before']} bytes, {saved / total['bytes before']:.1%}")
    return 1 if any(total[name] for name in FAILURES) else 0


def corpus(path: Path, buildable: Path) -> Iterator[Case]:
    """The files that BUILDABLE names, quick ones first, each with its local base image."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        texts = {row["id"]: row["text"] for row in map(json.loads, lines)}
    rows = [json.loads(line) for line in buildable.read_text("utf-8").splitlines()]
    missing = sum(row["id"] not in texts for row in rows)
    if missing:
        print(f"{missing} of {len(rows)} in BUILDABLE are not in CORPUS")
    for row in sorted(rows, key=lambda row: row["secs"]):  # the quick ones first
        if row["id"] in texts:
            text = re.sub(r"(?im)^([ \t]*FROM[ \t]+)\S+", rf"\g<1>{row['base']}", texts[row["id"]], count=1)
            yield Case(row["id"][:12], text, None)


def folder(root: Path) -> Iterator[Case]:
    """Every ``before.Dockerfile`` below a folder, with its context and its check."""
    for path in sorted(root.glob("**/before.Dockerfile")):
        context = path.parent / "context"
        check = path.parent / "check.sh"
        yield Case(
            str(path.parent.relative_to(root)),
            path.read_bytes().decode(),
            context if context.is_dir() else None,
            check.read_text("utf-8") if check.is_file() else "",
        )


def _compare(case: Case, level: str, base: str, network: str) -> Counter[str]:
    context = Context(str(case.context)) if case.context else None
    report = dslim.rewrite(case.text, level=level, base=base, context=context)
    if report.crashed or report.unsettled:
        print(f"{case.name}: crashed: {report.crashed}, unsettled: {report.unsettled}")
        return Counter({"rewriter's mistake": 1})
    if not report.changed:
        print(f"{case.name}: nothing to rewrite", flush=True)
        return Counter({"nothing to rewrite": 1})
    questions = [
        fact.removeprefix(QUESTION) for one in report.findings for fact in one.because if fact.startswith(QUESTION)
    ]
    if ASKS in case.name and level == "show" and questions:
        print(f"{case.name}: asks: {'; '.join(questions)}", flush=True)
        return Counter({"asks": 1})
    if ASKS in case.name or (STAYS in case.name and base == "auto"):
        print(f"{case.name}: CHANGED, and must not be\n{report.text}")
        return Counter({"changed what stays": 1})
    asked = Asked(strict=only_safe(report), doubt=True, scripts=(case.check,) if case.check else (), compressed=False)
    with tempfile.TemporaryDirectory() as empty:
        settings = Settings(context=str(case.context or empty), network=network)
        found = run(case.text.encode(), report.text.encode(), settings, asked, lambda doing: None)
    print(f"{case.name}: {found.verdict}: {'; '.join(found.because)}")
    if found.verdict == NOT_BUILT:
        return Counter({NOT_BUILT: 1})
    print(f"    {found.before.bytes} -> {found.after.bytes} bytes ({found.grown:+}), {dict(found.explained)}")
    for one in found.differences[:_SHOWN]:
        print(f"    {'reviewed: ' if found.verdict == SAME_PROGRAM else ''}{one.path}: {one.what} ({one.kind})")
    if len(found.differences) > _SHOWN:
        print(f"    ... {len(found.differences)} in all")
    if CODES[found.verdict]:
        print(report.text)
    result = Counter(
        {"compared": 1, found.verdict: 1, "bytes before": found.before.bytes, "bytes after": found.after.bytes}
    )
    if case.check:
        result["checked by check.sh"] += 1
    if found.after.built and found.grown > 0:
        print("    GROWN")
        result["grown"] += 1
    elif not found.grown:
        result["same size"] += 1
    sys.stdout.flush()
    return result


if __name__ == "__main__":
    sys.exit(main())
