"""Measures `dslim verify`: pairs of which the truth is known, and rewrites of real Dockerfiles.

    python -m benchmarks.verify pairs [--only WORDS]
    python -m benchmarks.verify corpus CORPUS.jsonl.gz BUILDABLE.jsonl --results DIR [--limit N] [--network host]
    python -m benchmarks.verify corpus DIRECTORY --results DIR         every */before.Dockerfile below it

`pairs` prints how many of the pairs in :mod:`benchmarks.verify_pairs` are judged right. `corpus` verifies what `dslim
rewrite` makes of each file, keeps one outcome a file in DIR, so that it can be stopped and taken up again, and prints the
verdicts and the signed savings. An engine must answer. Exit code 1 when a pair is judged wrong, or a rewrite differs or
grows.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.builds import Case, corpus, folder
from benchmarks.verify_pairs import ALIKE, DIFFERING, Pair, text
from dslim import rewrite
from dslim.context import Context
from dslim.verify import running
from dslim.verify.build import Settings
from dslim.verify.command import only_safe, run
from dslim.verify.record import dumped, record
from dslim.verify.verdict import DIFFERENT, Verified
from dslim.verify.verify import Asked


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    pairs = commands.add_parser("pairs")
    pairs.add_argument("--only", default="", help="a part of the name")
    real = commands.add_parser("corpus")
    real.add_argument("corpus", type=Path)
    real.add_argument("buildable", type=Path, nargs="?")
    real.add_argument("--results", type=Path, required=True, help="a folder; what is there is not built again")
    real.add_argument("--limit", type=int, default=10_000)
    real.add_argument("--network", default="")
    arguments = parser.parse_args()
    if arguments.command == "pairs":
        return _pairs(arguments.only)
    cases = corpus(arguments.corpus, arguments.buildable) if arguments.buildable else folder(arguments.corpus)
    return _corpus(cases, arguments.results, arguments.limit, arguments.network)


def verified(pair: Pair, folder: Path, cache: bool = True) -> Verified:
    """The outcome for a pair; its context is made in ``folder``."""
    for name, content in pair.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, "utf-8")
    asked = Asked(
        strict=pair.level == "safe",
        noise=pair.noise,
        commands=(pair.run,) if pair.run else (),
        addresses=(pair.http,) if pair.http else (),
        compressed=False,
        limits=running.Limits(seconds=60, wait=30),
    )
    settings = Settings(context=str(folder), network="host", cache=cache and not pair.noise, keep_free=0)
    return run(text(pair.before), text(pair.after), settings, asked, lambda doing: None)


def _pairs(only: str) -> int:
    count: Counter[str] = Counter()
    for pair in (*ALIKE, *DIFFERING):
        if only not in pair.name:
            continue
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            found = verified(pair, Path(folder))
        right = found.verdict == pair.verdict
        kind = "that differ" if pair.verdict == DIFFERENT else "that are alike"
        count[f"{kind}: {'right' if right else 'WRONG'}"] += 1
        mark = "right" if right else "WRONG"
        print(
            f"{mark} {pair.name}: {found.verdict}, {time.monotonic() - began:.1f} s: {'; '.join(found.because)[:150]}"
        )
        sys.stdout.flush()
    for kind, number in sorted(count.items()):
        print(f"pairs {kind} {number}")
    return 1 if any("WRONG" in kind for kind in count) else 0


def _corpus(cases: Iterator[Case], results: Path, limit: int, network: str) -> int:
    results.mkdir(parents=True, exist_ok=True)
    rows = []
    for number, case in enumerate(cases):
        if number >= limit:
            break
        file = results / f"{case.name.replace('/', '-')}.json"
        if not file.is_file():
            file.write_text(_verify(case, network), "ascii")
        row = json.loads(file.read_text("ascii"))
        rows.append(row)
        print(_line(case.name, row), flush=True)
    return _summary(rows)


def _verify(case: Case, network: str) -> str:
    """The outcome for one file as JSON; {"verdict": "nothing to rewrite"} where there is nothing."""
    with tempfile.TemporaryDirectory() as empty:
        context = str(case.context or empty)
        report = rewrite(case.text, level="review", context=Context(context))
        if not report.changed:
            return json.dumps({"verdict": "nothing to rewrite"})
        settings = Settings(context=context, network=network)
        scripts = (case.check,) if case.check else ()
        asked = Asked(strict=only_safe(report), doubt=True, scripts=scripts, compressed=False)
        found = run(case.text.encode(), report.text.encode(), settings, asked, lambda doing: None)
    return dumped(record(found, case.name))


def _line(name: str, row: dict[str, Any]) -> str:
    if not row.get("before", {}).get("built") or not row["after"]["built"]:
        return f"{name}: {row['verdict']}: {'; '.join(row.get('because', ()))[:160]}"
    grown = row["after"]["bytes"] - row["before"]["bytes"]
    why = "" if row["verdict"] == "equivalent" else f": {'; '.join(row['because'])[:300]}"
    return f"{name}: {row['verdict']}, {row['before']['bytes']} -> {row['after']['bytes']} bytes ({grown:+}){why}"


def _summary(rows: list[dict[str, Any]]) -> int:
    print(dict(Counter(row["verdict"] for row in rows)))
    both = [row for row in rows if row.get("before", {}).get("built") and row["after"]["built"]]
    explained: Counter[str] = Counter()
    for row in both:
        explained.update(row["explained"])
    print("explained paths:", dict(explained))
    if not both:
        return 1
    before = sum(row["before"]["bytes"] for row in both)
    saved = [row["before"]["bytes"] - row["after"]["bytes"] for row in both]
    grew = sum(one < 0 for one in saved)
    shares = [one / row["before"]["bytes"] for one, row in zip(saved, both, strict=True)]
    print(
        f"{len(both)} built twice: saved {sum(saved):+} of {before} bytes ({sum(saved) / before:+.1%}); "
        f"mean {statistics.mean(saved):+.0f} ({statistics.mean(shares):+.1%}), median {statistics.median(saved):+.0f} "
        f"({statistics.median(shares):+.1%}); {grew} grew, {sum(not one for one in saved)} the same"
    )
    return 1 if grew or any(row["verdict"] == DIFFERENT for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
