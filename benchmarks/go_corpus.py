"""What becomes of the Go builds of a corpus: ``python -m benchmarks.go_corpus CORPUS``.

Looked at is every file whose last stage, with the stages of the file below it, is on a golang image, installs Go, or calls it. By
plain text, on purpose, and not by the transforms' own reading. Each is counted once:

- *kept*: an image to develop, test or build with (the rule: rewriter/model/go_purpose.py);
- *other*: its program is not Go's; *gone*: the RUN that brings Go takes it away again, so that none ships;
- *several stages*: it is divided already, whatever was found in it;
- *review*, *show*, *declined*, *silent*: the single-stage Go builds that ship. Their share is printed; silent must be 0.

No context is there: a split at REVIEW needs one. The proposals at SHOW are applied, each on what the one before left.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter
from multiprocessing import get_context
from typing import NamedTuple

from benchmarks.corpus import UNREAD, load, plain, table
from rewriter.engine import run
from rewriter.model.go_elsewhere import GONE
from rewriter.model.go_purpose import KEPT, OTHER
from rewriter.report import Outcome, Report, Status
from rewriter.rule import Ask, Safety, Settings
from rewriter.syntax.dockerfile import Unreadable, read
from transforms import pipeline

SPLIT = "go-toolchain-shipped"
OWN = ("go-onbuild-image", "go-run-at-start", "go-started-by-wrapper", SPLIT)
_GOLANG = re.compile(r"(?:[\w.:-]+/)*golang(?:[:@]\S*)?")
_CALL = re.compile(r"(?:^|[\s;&|({/`\"'\[])go[\"',]*\s+[\"']*(?:build|install|get|run|test)\b")
_PACKAGE = re.compile(
    r"\b(?:apt-get|apt|apk|yum|dnf)\b[^;&|\n]*\b(?:install|add)\b[^;&|\n]*[\s\\](?:golang(?:-go|-\d[\d.]*)?|go)(?![\w.-])"
)
_ARCHIVE = re.compile(r"\bgo(?:1[\d.]*|\$\{?\w+\}?)\.(?:linux|src|\$)|golang\.org/dl|go\.dev/dl|dl\.google\.com/go/")


class Became(NamedTuple):
    """What became of a file: its kind, and the reason or the title."""

    kind: str
    why: str = ""
    text: str = ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", help='gzipped JSON lines with "id" and "text"')
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="print so many proposals, drawn at random")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--names", default="", help="print the ids of this kind")
    asked = parser.parse_args()
    files = [(name, text) for name, text in load(asked.corpus, 0, asked.seed) if "go" in text.lower()]
    with get_context("spawn").Pool(asked.jobs) as pool:
        found = list(pool.imap(became, files, chunksize=64))
    looked_at = [(name, one) for (name, _), one in zip(files, found, strict=True) if one.kind]
    show(looked_at)
    for name, one in looked_at:
        if one.kind == asked.names:
            print(f"{name}  {one.why}")
    proposals = [(name, one) for name, one in looked_at if one.kind in ("review", "show")]
    for name, one in random.Random(asked.seed).sample(proposals, min(asked.show, len(proposals))):
        print(f"\n=== {name}\n{one.text}")
    return int(any(one.kind == "silent" for _, one in looked_at))


def became(file: tuple[str, str]) -> Became:
    """What the transforms of Go say about a file; of the empty kind where it has no Go in what ships."""
    text = file[1]
    shipped = stages(text)
    if not any(has_go(stage) for stage in shipped):
        return Became("")
    chosen = tuple(one for one in pipeline() if one.name in OWN)
    report = run(chosen, text, Ask(settings=Settings(level=Safety.SHOW)))
    if report.status is Status.UNREADABLE or report.notes:
        return Became("unread", plain(report.reason or report.notes[0]))
    several = len(re.findall(r"^\s*FROM\s", text, re.MULTILINE | re.IGNORECASE)) > 1
    return several_stages(judged(report)) if several else judged(report)


def several_stages(one: Became) -> Became:
    return Became("several stages", f"{one.kind}: {one.why}")


def judged(report: Report) -> Became:
    for each in report.findings:
        if each.transform == SPLIT and each.outcome is Outcome.APPLIED:
            facts = "\n".join(f"# {fact}" for one in report.findings for fact in one.because)
            return Became(
                each.safety.name.lower(), plain(each.title), f"{report.before}\n----->\n{report.text}\n{facts}"
            )
    why = next((each.why for each in report.declined if each.transform in (SPLIT, UNREAD)), "")
    if not why:
        return Became("silent", plain(next((each.title for each in report.findings), "")))
    kinds = ((KEPT, "kept"), (OTHER, "other"), (GONE, "gone"))
    kind = next((kind for start, kind in kinds if why.startswith(start)), "declined")
    return Became(kind, plain(why))


def stages(text: str) -> list[list[str]]:
    """The last stage and those of the file that it is built FROM, each as its instructions."""
    try:
        instructions = read(text).instructions
    except Unreadable:
        return []
    found: list[list[str]] = []
    names: dict[str, int] = {}
    for each in instructions:
        if each.name == "FROM":
            found.append([each.body.text])
            words = each.body.text.split()
            if len(words) == 3:
                names.setdefault(words[2].lower(), len(found) - 1)
        elif found:
            found[-1].append(f"{each.name} {each.body.text}")
    if not found:
        return []
    line, at = [found[-1]], len(found) - 1
    while (parent := names.get((found[at][0].split() or [""])[0].lower(), at)) < at:
        line.append(found[parent])
        at = parent
    return line


def has_go(stage: list[str]) -> bool:
    """True for a stage on a golang image, and for one that installs or calls go."""
    image = (stage[0].split() or [""])[0]
    runs = "\n".join(line.removeprefix("RUN ") for line in stage if line.startswith("RUN "))
    named = "\n".join(line for line in stage if line.startswith("ENV "))
    called = any(sign.search(runs) for sign in (_CALL, _PACKAGE, _ARCHIVE)) or _ARCHIVE.search(named)
    return bool(called or _GOLANG.fullmatch(image))


def show(looked_at: list[tuple[str, Became]]) -> None:
    kinds = Counter(one.kind for _, one in looked_at)
    print(f"{len(looked_at)} files have Go in what ships")
    for kind in ("unread", "kept", "other", "gone", "several stages"):
        print(f"  {kinds[kind]:>5}  {kind}")
    own = [kind for kind in ("review", "show", "declined", "silent") for _ in range(kinds[kind])]
    print(f"{len(own)} single-stage Go builds that ship")
    for kind in ("review", "show", "declined", "silent"):
        print(f"  {kinds[kind]:>5}  {100 * kinds[kind] / max(len(own), 1):5.1f} %  {kind}")
    for kind in ("kept", "other", "several stages", "unread", "declined", "silent"):
        reasons = Counter(one.why for _, one in looked_at if one.kind == kind)
        table(kind.capitalize(), ((count, why) for why, count in reasons.most_common()))


if __name__ == "__main__":
    sys.exit(main())
