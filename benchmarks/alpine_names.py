"""How many of the Debian packages that a corpus installs have a name on Alpine: ``python -m benchmarks.alpine_names CORPUS``.

Counts each mention of a package in an install of the shipped stage, where the base is an image with a variant on Alpine that is
judged. "Translatable": a list of Alpine shows the name, or nothing is needed in its place. "Known": that, or it is listed that
Alpine has nothing, and why. ``--of FILE`` takes Alpine's package names (first column, tab-separated, gzipped) and says which
written names are not among them. Prints the commonest packages of which nothing is known.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rewriter.knowledge import alpine, images, variants
from rewriter.model import apt
from rewriter.model.file import File
from rewriter.syntax.dockerfile import Unreadable, read

MINE = 0.9  #: the share that must be translatable


def mentions(text: str) -> Iterator[tuple[str, str]]:
    """The image, and a package, once for each time that its shipped stage installs it."""
    try:
        file = File(read(text))
    except Unreadable:
        return
    if not file.stages:
        return
    name = file.image_of(file.stages[-1])
    if name not in variants.ON_ALPINE or "alpine" in images.named(file.stages[-1].lineage[-1].image)[1]:
        return
    for run in file.runs:
        for command in run.commands if run.stage in file.stages[-1].lineage else ():
            if apt.is_apt(command, "install"):
                yield from ((name, package) for package in apt.packages(run, command))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus")
    parser.add_argument("--of", type=Path, help="Alpine's package names")
    parser.add_argument("--top", type=int, default=20)
    asked = parser.parse_args()
    total: dict[str, Counter[str]] = {}
    unknown: Counter[str] = Counter()
    with gzip.open(asked.corpus, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    for text in texts:
        for image, package in mentions(text) if "apt" in text else ():
            for group in (image, "all"):
                found = total.setdefault(group, Counter())
                found["mentions"] += 1
                found["translatable"] += alpine.paired(package)
                found["known"] += alpine.paired(package) or alpine.missing(package)
            if not alpine.paired(package) and not alpine.missing(package):
                unknown[package] += 1
    for group, found in sorted(total.items(), key=lambda one: one[1]["mentions"]):
        shares = ", ".join(f"{name} {found[name] / found['mentions']:.1%}" for name in ("translatable", "known"))
        print(f"{group}: {found['mentions']} mentions, {shares}")
    print("nothing known of:", ", ".join(f"{package} {count}" for package, count in unknown.most_common(asked.top)))
    wrong = _unlisted(asked.of) if asked.of else []
    for name in wrong:
        print(f"in no list: {name}")
    return int(bool(wrong) or not total or total["all"]["translatable"] < MINE * total["all"]["mentions"])


def _unlisted(path: Path) -> list[str]:
    """Alpine names that a rewrite may write and the list has not, but for virtual ones."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        names = {line.split("\t")[0] for line in lines}
    found: list[str] = []
    for package in alpine.all_paired():
        for apk, seen in alpine.rows(package):
            pairs = zip(apk.split(), seen.split(), strict=True)
            found += [f"{name} for {package}" for name, where in pairs if name not in names and not where.endswith("v")]
    return found


if __name__ == "__main__":
    sys.exit(main())
