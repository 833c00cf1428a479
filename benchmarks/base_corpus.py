"""What becomes of the heavy bases of a corpus: ``python -m benchmarks.base_corpus CORPUS``.

Looked at is every file whose shipped stage is on the full variant of an official image that has a slimmer one, by
knowledge/variants.toml. Its FROM is read by plain text, on purpose, and not by the transforms' own reading. Each is counted once:

- *review*: another base is written by default; *show*: it is proposed, with what a person has to confirm;
- *renamed*: another name of the same image is proposed, and no smaller one; the reason is printed;
- *declined*: a fact stands against it, which is printed; *unread*: no reader of Dockerfiles reads the file;
- *kept*: an image of Go that starts nothing, to build on or to work in, by plain text: only a split could take the toolchain
  away, and splits say nothing of such images (benchmarks/languages.py);
- *silent*: nothing is said of it. Must be 0, and so must the tags that are written and in no table.

No context is there: what needs one to be known is a question here. The proposals at SHOW are applied, each on what the one
before left.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from multiprocessing import get_context
from typing import NamedTuple

from benchmarks.corpus import UNREAD, load, plain
from benchmarks.corpus import table as ranked
from benchmarks.languages import LANGUAGES, by_text, stages
from rewriter.engine import run
from rewriter.knowledge import images, java, libraries, toolchains, variants
from rewriter.knowledge.tables import names, table
from rewriter.report import Outcome, Report, Status
from rewriter.rule import Ask, Phase, Safety, Settings
from transforms import pipeline

KINDS = ("review", "show", "renamed", "declined", "unread", "kept", "silent")
_GO = next(one for one in LANGUAGES if one.name == "go")
_RENAMED = "base-gone-or-renamed"
#: what may take the heavy base away
_OWN = frozenset(
    one.name
    for one in pipeline()
    if one.phase is Phase.BASE
    or (one.name.startswith("go-") and not one.name.endswith("-kept"))
    or one.name.endswith(("-toolchain-shipped", "-compilers-shipped"))
)
_SMALLER = ("slim", "alpine")
_OTHER = ("alpine", "slim", "onbuild", "windows", "nanoserver")


class Became(NamedTuple):
    """What became of a file: the image, its kind, the reason or the titles, the tags that were written, before and after."""

    image: str
    kind: str = ""
    why: str = ""
    tags: tuple[str, ...] = ()
    text: str = ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", help='gzipped JSON lines with "id" and "text"')
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="print so many files of the kind, drawn at random")
    parser.add_argument("--kind", default="declined", choices=KINDS)
    parser.add_argument("--image", default="", help="only files on this image")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    files = load(asked.corpus, 0, asked.seed)
    with get_context("spawn").Pool(asked.jobs) as pool:
        found = zip(files, pool.imap(became, files, chunksize=64), strict=True)
        all_ = [(name, one) for (name, _), one in found]
    tags = sorted({tag for _, one in all_ for tag in one.tags})
    looked_at = [(name, one) for name, one in all_ if one.kind and asked.image in ("", one.image)]
    show([one for _, one in looked_at])
    wrong = [tag for tag in tags if not shown(tag)]
    print(
        f"\n{len(tags)} tags are written over the whole corpus, of which the tables do not show {len(wrong)}: {wrong}"
    )
    chosen = [(name, one) for name, one in looked_at if one.kind == asked.kind]
    for name, one in random.Random(asked.seed).sample(chosen, min(asked.show, len(chosen))):
        print(f"\n=== {name}\n{one.text}\n# {one.why}")
    return int(bool(wrong) or any(one.kind == "silent" for _, one in looked_at))


def became(file: tuple[str, str]) -> Became:
    """What is said about a file; of the empty kind where its base is no full variant with a slimmer one."""
    text = file[1]
    image = heavy(text)
    report = run(pipeline(), text, Ask(settings=Settings(level=Safety.SHOW)))
    tags = tuple(sorted(set(bases(report.text)) - set(bases(text)))) if report.changed else ()
    if not image:
        return Became("", tags=tags)
    own = [one for one in report.findings if one.transform in _OWN and one.outcome is Outcome.APPLIED]
    facts = "\n".join(f"# {fact}" for one in own for fact in (one.title, *one.because))
    if report.status is Status.UNREADABLE or report.reason:
        return Became(image, "unread", plain(report.reason), tags, text)
    if all(one.transform == _RENAMED for one in own) and own:
        why = reason(report) or own[0].because[0]
        return Became(image, "renamed", plain(why), tags, f"{text}\n----->\n{report.text}\n{facts}\n# {why}")
    if own:
        kind = max(one.safety for one in own).name.lower().replace("safe", "review")  # both are written by default
        return Became(image, kind, plain(own[0].title), tags, f"{text}\n----->\n{report.text}\n{facts}")
    why = reason(report)
    unsaid = by_text(stages(text), _GO) if image == "golang" and not why else None
    if unsaid is not None and unsaid.kind == "kept":
        return Became(image, "kept", plain(unsaid.why), tags, f"{text}\n# {unsaid.why}")
    return Became(image, "declined" if why else "silent", plain(why), tags, f"{text}\n# {why}")


def reason(report: Report) -> str:
    """What stands against another base: slim goes before Alpine, and that a name is gone, or that the file compiles besides, is
    said where nothing else is."""
    told = [one for one in report.declined if one.transform in (*_OWN, UNREAD)]
    last = (
        "base-heavier-than-alpine",
        _RENAMED,
        "python-compilers-shipped",
        "ruby-compilers-shipped",
        "c-toolchain-shipped",
    )
    return next(
        (
            one.why
            for one in sorted(told, key=lambda one: last.index(one.transform) + 1 if one.transform in last else 0)
        ),
        "",
    )


def heavy(text: str) -> str:
    """The image below the shipped stage where it is the full variant of one with a slimmer one, else ""."""
    shipped = stages(text)
    words = filled_in(text, shipped[-1][0]).split() if shipped else []
    image, tag = images.named(words[0] if words else "")
    there = names("variants.toml")
    slimmer = any(f"{image} {kind}" in there for kind in _SMALLER) and f"{image} full" in there
    if not slimmer or any(one in tag for one in _OTHER):
        return ""
    return "" if "alpine" in table("variants.toml", f"{image} full")["under"] else image  # docker: all are on Alpine


def filled_in(text: str, line: str) -> str:
    """A line with the defaults of the arguments in front of the first FROM."""
    given = dict(re.findall(r"^[ \t]*ARG\s+(\w+)=[\"']?([^\s\"']+)", text, re.MULTILINE | re.IGNORECASE))
    return re.sub(r"\$\{?(\w+)\}?", lambda found: str(given.get(found[1], found[0])), line)


def bases(text: str) -> Iterator[str]:
    """The images of FROM that have a tag, by the defaults of their arguments."""
    for match in re.finditer(r"^[ \t]*FROM[ \t]+(?:--\S+[ \t]+)*(\S+)", text, re.MULTILINE | re.IGNORECASE):
        image = filled_in(text, match[1])
        if ":" in image and "$" not in image:
            yield image


def shown(written: str) -> bool:
    """True for a tag that the tables show, by its very name or in parts: a variant that its line has, on a release that it was
    built on. Images that are in no table are outside of the official library (``nvidia/cuda``), and alpine, whose releases are in
    knowledge/alpine.toml."""
    image, tag = images.named(written)
    kind = next((one for one in _SMALLER if one in tag), "full")
    if f"{image} {kind}" not in names("variants.toml"):
        of_dotnet = image == "mcr.microsoft.com/dotnet/aspnet" and toolchains.has_aspnet(tag)
        earlier = f"{image}:{tag}" in toolchains.words("dotnet", "earlier")
        return of_dotnet or earlier or image in ("alpine", "nvidia/cuda") or java.exists(image, tag)
    if variants.exists(image, tag) or java.exists(image, tag) or libraries.seen(f"{image}:{tag}"):
        return True
    row, parts = table("variants.toml", f"{image} {kind}"), variants.parts(tag)
    if not isinstance(parts, variants.Tag):
        return False
    line = ".".join(parts.version.split(".")[:2])
    under = [one.split()[1] for one in row["under"].split("\n") if one and (not line or one.startswith(line))]
    having = not line or any(f"{one}.".startswith(f"{line}.") for one in row["versions"].split())
    alive = line in row["live"].split() and any(parts.release in one for one in row["names"].split())
    return having and (not parts.release or parts.release in under or alive)


def show(looked_at: list[Became]) -> None:
    kinds = Counter(one.kind for one in looked_at)
    print(f"{len(looked_at)} files ship the full variant of an image that has a slimmer one")
    for kind in KINDS:
        print(f"  {kinds[kind]:>5}  {100 * kinds[kind] / max(len(looked_at), 1):5.1f} %  {kind}")
    per_image = Counter(one.image for one in looked_at)
    for image, count in per_image.most_common():
        own = Counter(one.kind for one in looked_at if one.image == image)
        print(f"  {count:>5}  {image:<12}", ", ".join(f"{own[kind]} {kind}" for kind in KINDS if own[kind]))
    for kind in KINDS[2:]:
        reasons = Counter(one.why for one in looked_at if one.kind == kind)
        ranked(kind.capitalize(), ((count, why) for why, count in reasons.most_common()))


if __name__ == "__main__":
    sys.exit(main())
