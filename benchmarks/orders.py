"""Builds projects before and after `sources-copied-before-dependencies`, with a real Docker engine, and changes a source.

    python -m benchmarks.orders [DIRECTORY] [--only PART] [--network NETWORK]

Every ``*/before.Dockerfile`` below DIRECTORY (default: ``benchmarks/orders``) is rewritten by that transform
alone, at ``show``, and both are built with the ``context`` beside it. ``case.toml`` says which ``fetch`` begins the command that
fetches and which file to ``touch``; ``context = "unseen"`` where the rewriting is not shown the context. The two images must
have the same files, as `dslim verify` compares them where it is strict, and no more bytes than the files that are copied first:
those are stored twice. Then the file gets another line, and both are built
again with the engine's cache: the fetching must run again before, and not after. A case whose name begins with ``stays`` must
not change. An engine must answer (DOCKER_HOST), with a network for the builds.

Prints each case, then the totals. Exit code 1 when an image does not build or differs, or the cache does not do what it should.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from pathlib import Path

import dslim
from dslim.context import Context
from dslim.verify.build import Settings
from dslim.verify.command import run
from dslim.verify.verdict import EQUIVALENT
from dslim.verify.verify import Asked
from rewriter.report import Report

HERE = Path(__file__).parent / "orders"
NAME = "sources-copied-before-dependencies"
STAYS = "stays"
NOISE = 256  #: bytes by which logs and caches of two fetchings differ
_STEP = re.compile(r"^#(\d+) \[[^\]]*\] RUN (.*)$", re.MULTILINE)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path, nargs="?", default=HERE)
    parser.add_argument("--only", default="", help="a part of the name")
    parser.add_argument("--network", default="host", help="of the builds: default, none or host")
    asked = parser.parse_args()
    total: Counter[str] = Counter()
    for path in sorted(asked.directory.glob("*/before.Dockerfile")):
        if asked.only in path.parent.name:
            problem = _tried(path.parent, asked.network)
            print(f"{path.parent.name}: {problem or 'as it should be'}", flush=True)
            total[
                "wrong" if problem else STAYS if path.parent.name.startswith(STAYS) else "moved, same files, cached"
            ] += 1
    print(dict(total))
    return 1 if total["wrong"] else 0


def _tried(folder: Path, network: str) -> str:
    """What is wrong with one case, "" for nothing."""
    case = tomllib.loads((folder / "case.toml").read_text("utf-8"))
    before, context = (folder / "before.Dockerfile").read_text("utf-8"), folder / "context"
    shown = None if case.get("context") == "unseen" else Context(str(context))
    report = dslim.rewrite(before, level="show", select=(NAME,), context=shown)
    if report.crashed or report.unsettled or report.changed == folder.name.startswith(STAYS):
        return f"changed is {report.changed}: {[one.why for one in report.declined]}{report.crashed}{report.unsettled}"
    if not report.changed:
        return ""
    settings = Settings(context=str(context), network=network, cache=True)
    found = run(
        before.encode(), report.text.encode(), settings, Asked(doubt=True, compressed=False), lambda doing: None
    )
    twice = sum(file.stat().st_size for file in context.rglob("*") if file.name in _added(report))
    if found.verdict != EQUIVALENT or found.grown > twice + NOISE:
        some = [f"{one.path}: {one.what}" for one in found.differences[:8]]
        return f"{found.verdict}, {found.grown:+} bytes: {'; '.join(found.because)} {some}\n{report.text}"
    with tempfile.TemporaryDirectory() as temporary:
        other = Path(temporary, "context")
        shutil.copytree(context, other)
        runs = [_fetched(text, other, case["fetch"], network) for text in (before, report.text)]
        with (other / case["touch"]).open("a", encoding="utf-8") as file:
            file.write(
                "\n" * random.randint(1, 10**6)
            )  # another number each time: what was built before stays in the cache
        runs = [_fetched(text, other, case["fetch"], network) for text in (before, report.text)]
    return (
        ""
        if runs == [True, False]
        else f"with another source the fetching runs again: before {runs[0]}, after {runs[1]}"
    )


def _added(report: Report) -> set[str]:
    """The names of the files that are copied first, and a second time with the sources."""
    words = [word for one in report.findings for edit in one.edits for word in re.split(r'[\s",\[\]]+', edit.text)]
    return {word.rstrip("*").rpartition("/")[2] for word in words} - {""}


def _fetched(text: str, context: Path, fetch: str, network: str) -> bool | str:
    """True when a build runs the command that fetches, and does not find it in the cache; a text when it fails."""
    file = context.parent / "Dockerfile"
    file.write_text(text, "utf-8")
    command = ["docker", "build", f"--network={network}", "--progress=plain", "-f", str(file), str(context)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return "does not build: " + "\n".join(done.stderr.strip().splitlines()[-8:])
    steps = {number for number, script in _STEP.findall(done.stderr) if fetch in script}
    return not steps or any(f"#{number} CACHED" not in done.stderr for number in steps)


if __name__ == "__main__":
    sys.exit(main())
