"""Run the whole pipeline over a corpus and print what became of it: ``python -m benchmarks.corpus CORPUS``.

The corpus is gzipped JSON lines with "id" and "text". The checks are written without the engine's own: the oracles are
BuildKit's parser (``dockerfile``) and ``shfmt``; words, bytes and comments are compared here once more. Exits with 1
when a figure that must be 0 is not.
"""

from __future__ import annotations

import argparse
import difflib
import gzip
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path

import dockerfile as buildkit

from rewriter.engine import run
from rewriter.report import Outcome, Report, Status
from rewriter.rule import Phase, Transform
from rewriter.syntax.dockerfile import Unreadable, read
from rewriter.syntax.nodes import Dockerfile, Instruction, Kind
from rewriter.text import Edit, LineIndex, Span
from transforms import pipeline

KNOWN = frozenset(name.upper() for name in buildkit.all_cmds())
NOTED = "left alone whole, with a note"
MUST_BE_ZERO = (
    "refused by BuildKit",
    "unknown instruction",
    "RUN no longer shell",
    "words lost or added",
    "second run changes",
    "comments lost",
    "bytes changed outside edits",
    "crashed",
    "reverted",
    "not settled",
    "joinable runs: silent",
    "apt without clean-up: silent",
)


@dataclass
class Result:
    """What one file, or the whole corpus, adds to the figures."""

    figures: Counter[str] = field(default_factory=Counter)
    findings: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    declines: Counter[tuple[str, str]] = field(default_factory=Counter)
    violations: list[tuple[str, str, str]] = field(default_factory=list)
    refusals: Counter[str] = field(default_factory=Counter)
    diff: str = ""
    seconds: float = 0.0

    def add(self, other: Result) -> None:
        self.figures += other.figures
        self.findings += other.findings
        self.declines += other.declines
        self.violations += other.violations
        self.refusals += other.refusals
        self.seconds += other.seconds


# The checks: each yields one line for every thing that is wrong -------------------------------------------------------


def refused(report: Report) -> Iterator[tuple[str, str]]:
    """What BuildKit would say about the output and did not say about the input."""
    before, after = oracle(report.before), oracle(report.text)
    if isinstance(before, str):
        return
    if isinstance(after, str):
        yield "refused by BuildKit", after
    elif new := unknown(after) - unknown(before):
        yield "unknown instruction", f"{sorted(new)}"


def oracle(text: str) -> tuple[buildkit.Command, ...] | str:
    """BuildKit's instructions, or its error."""
    try:
        commands: tuple[buildkit.Command, ...] = buildkit.parse_string(text)
    except (buildkit.GoParseError, UnicodeEncodeError, ValueError) as error:
        return str(error).strip().splitlines()[0]
    return commands


def unknown(commands: Iterable[buildkit.Command]) -> set[str]:
    names = (name.upper() for each in commands for name in (each.cmd, each.sub_cmd) if name)
    return {name for name in names if name not in KNOWN}


def scripts(file: Dockerfile) -> Counter[str]:
    """The shell texts of the shell-form RUNs, here-documents included."""
    found: Counter[str] = Counter()
    for each in runs(file):
        if each.args is None:
            documents = [(doc.content.of(file.source), doc.terminator.of(file.source)) for doc in each.heredocs]
            opener = each.heredocs[0].opener.of(file.source) if each.heredocs else ""
            if opener and each.body.text == opener:
                found[documents[0][0]] += 1
            else:
                found["\n".join([each.body.text, *(body + end.rstrip("\r\n") for body, end in documents)])] += 1
    return found


def not_shell(texts: Iterable[str]) -> list[str]:
    """Those of ``texts`` that shfmt refuses as bash."""
    listed = list(texts)
    if not listed:
        return []
    with tempfile.TemporaryDirectory() as folder:
        for number, text in enumerate(listed):
            Path(folder, f"{number}.sh").write_text(text + "\n", "utf-8", newline="")
        command = [
            "shfmt",
            "--language-dialect",
            "bash",
            "--list",
            *sorted(path.name for path in Path(folder).iterdir()),
        ]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    bad = {int(match[1]) for match in re.finditer(r"^(\d+)\.sh:\d+:\d+: ", done.stderr, re.MULTILINE)}
    if done.returncode not in (0, 1):
        raise RuntimeError(f"shfmt failed: {done.stderr}")
    return [listed[number] for number in sorted(bad)]


def broken_shell(before: Dockerfile, after: Dockerfile) -> Iterator[tuple[str, str]]:
    old, new = scripts(before), scripts(after)
    bad = not_shell(new - old)
    if bad and len(bad) > len(not_shell(old - new)):
        yield "RUN no longer shell", repr(bad[0][:200])


def words(text: str) -> Counter[str]:
    """Words in the plainest sense: what blanks, continuations and shell operators part."""
    return Counter(re.findall(r"[^\s;&|(){}<>]+", re.sub(r"\\[ \t]*\r?\n", "\n", text)))


def lost_words(report: Report, before: Dockerfile, after: Dockerfile) -> Iterator[tuple[str, str]]:
    """Words of the RUNs that are gone, or new, though no edit deletes, or inserts, them."""
    old = words("\n".join(scripts(before).elements()))
    new = words("\n".join(scripts(after).elements()))
    inserted: Counter[str] = Counter()
    deleted: Counter[str] = Counter()
    for edit in edits(report):
        inserted += words(edit.text)
        deleted += words(edit.span.of(report.before))
    lost, added = (old - new) - deleted, (new - old) - inserted
    if lost or added:
        yield "words lost or added", f"lost {sorted(lost)}, added {sorted(added)}"[:300]


def edits(report: Report) -> list[Edit]:
    """All applied edits, in the order of the original."""
    return sorted(edit for each in report.findings if each.outcome is Outcome.APPLIED for edit in each.edits)


def lost_bytes(report: Report) -> Iterator[tuple[str, str]]:
    """The original between the edits must be in the output: whole, in order, at both ends where it was."""
    pieces, at = [], 0
    for edit in edits(report):
        if edit.span.start >= at:
            pieces.append(report.before[at : edit.span.start])
        at = max(at, edit.span.end)
    if not pieces:
        if report.text != report.before:
            yield "bytes changed outside edits", "the text changed without an edit"
        return
    pattern = re.compile(".*?".join([*map(re.escape, pieces), re.escape(report.before[at:])]), re.DOTALL)
    if not pattern.fullmatch(report.text):
        yield "bytes changed outside edits", f"{len(pieces)} edited places"


def lost_comments(before: Dockerfile, after: Dockerfile) -> Iterator[tuple[str, str]]:
    if lost := comments(before) - comments(after):
        yield "comments lost", f"{sorted(lost)}"[:300]


def comments(file: Dockerfile) -> Counter[str]:
    """The comment lines, those inside a continuation included."""
    found: Counter[str] = Counter()
    for node in file.nodes:
        spans = node.comments if isinstance(node, Instruction) else (node.span,) * (node.kind is Kind.COMMENT)
        found.update(span.of(file.source).strip() for span in spans)
    return found


def restless(report: Report, transforms: tuple[Transform, ...]) -> Iterator[tuple[str, str]]:
    again = run(transforms, report.text)
    if again.text != report.text:
        names = sorted({each.transform for each in again.findings if each.outcome is Outcome.APPLIED})
        yield "second run changes", f"{names}"


def mistakes(report: Report) -> Iterator[tuple[str, str]]:
    """What the engine itself reports as a mistake."""
    yield from (("crashed", each) for each in report.crashed)
    yield from (("not settled", each) for each in report.unsettled)
    for each in report.findings:
        if each.outcome is Outcome.REVERTED:
            yield "reverted", f"line {each.line}: {each.transform}: {each.note}"


# The shares: what should be cured, and was --------------------------------------------------------------------------


def runs(file: Dockerfile) -> list[Instruction]:
    return [each for each in file.instructions if each.name == "RUN"]


#: the name under which the engine speaks of a RUN that it cannot read
UNREAD = "unreadable-run"


def last_stage(file: Dockerfile) -> list[Instruction]:
    """The instructions of the stage that ships."""
    found: list[Instruction] = []
    for each in file.instructions:
        found = [each] if each.name == "FROM" else [*found, each]
    return found


def adjacent(file: Dockerfile) -> list[tuple[Instruction, Instruction]]:
    """RUNs of the last stage with nothing but comments and blank lines between them."""
    return [(a, b) for a, b in pairwise(last_stage(file)) if a.name == b.name == "RUN"]


def joined(report: Report, before: Dockerfile, after: Dockerfile, layers: set[str]) -> Iterator[str]:
    """Whether the adjacent RUNs of a file were joined; else whether a transform between instructions said why not."""
    pairs = adjacent(before)
    if not pairs:
        return
    yield "joinable runs: files"
    said = [each.line for each in report.declined if each.transform in layers | {UNREAD}]
    lines = LineIndex(report.before)
    if len(adjacent(after)) < len(pairs):
        yield "joinable runs: joined" if not adjacent(after) else "joinable runs: joined in part"
    elif any(within(line, lines, Span(a.span.start, b.span.end)) for line in said for a, b in pairs):
        yield "joinable runs: declined"
    elif any(each.transform in layers and each.outcome is not Outcome.APPLIED for each in report.findings):
        yield "joinable runs: held back or kept"
    else:
        yield "joinable runs: silent"


def apt(report: Report, before: Dockerfile, after: Dockerfile) -> Iterator[tuple[str, str]]:
    """Of the RUNs of the last stage that install with apt and leave the lists: cured, declined or silent.

    A RUN answers for the whole row of RUNs that it may be joined with, since a finding may name any of their lines.
    """
    leaving = [each for each in last_stage(after) if leaves_lists(each)]
    lines = LineIndex(report.before)
    for row in rows(before):
        span = Span(row[0].span.start, row[-1].span.end)
        told = [one for one in report.findings if within(one.line, lines, span) and "lists" in one.transform]
        declines = [
            one.why
            for one in report.declined
            if within(one.line, lines, span) and ("apt" in one.transform or one.transform == UNREAD)
        ]
        fetched = any(UPDATE.search(each.body.text) for each in row)
        for each in filter(leaves_lists, row):
            yield "apt without clean-up: runs", ""
            cured = not any(packages(each) <= set(other.body.text.split()) for other in leaving)
            if cured or any(one.outcome is Outcome.APPLIED for one in told):
                yield "apt without clean-up: cured", ""
            elif not fetched and any(INHERITED in why for why in declines):
                yield "apt without clean-up: lists that the base image brought", ""
            elif declines:
                yield "apt without clean-up: declined", ""
            elif told:
                yield "apt without clean-up: held back or kept", ""
            elif not fetched:
                yield "apt without clean-up: fetches no lists", ""
            else:
                line = lines.line(each.span.start)
                yield "apt without clean-up: silent", f"line {line}: {each.body.text[:120]!r}"


INHERITED = "what the base image brought can only be hidden"
STEPPED_OVER = {"LABEL", "EXPOSE", "CMD", "ENTRYPOINT", "HEALTHCHECK", "STOPSIGNAL", "MAINTAINER"}
UPDATE = re.compile(r"\bapt(-get)?\s+([^;&|\s]+\s+)*?update\b")
INSTALL = re.compile(r"\bapt(-get)?\s+([^;&|\s]+\s+)*?install\b")
CLEAN = re.compile(r"\brm\b[^;&|]*/var/lib/(\{[^}]*)?(apt\b|\*)")


def rows(file: Dockerfile) -> list[list[Instruction]]:
    """The RUNs of the last stage, those together that only instructions of no size part."""
    found: list[list[Instruction]] = [[]]
    for each in last_stage(file):
        if each.name == "RUN":
            found[-1].append(each)
        elif each.name not in STEPPED_OVER:
            found.append([])
    return [row for row in found if row]


def leaves_lists(each: Instruction) -> bool:
    """Installs with apt, does not remove the lists, and has no mount over them. By plain text, on purpose."""
    text = each.body.text
    mounted = any(flag.name == "mount" and "/var/lib/apt" in (flag.value or "") for flag in each.flags)
    return each.name == "RUN" and bool(INSTALL.search(text)) and not CLEAN.search(text) and not mounted


def packages(each: Instruction) -> set[str]:
    """The words of its first install command behind "install", by plain text: enough to find where it went."""
    found = INSTALL.search(each.body.text)
    words = each.body.text[found.end() :] if found else ""
    return {word for word in re.split(r"[;&|]", words, maxsplit=1)[0].split() if not word.startswith("-")}


def within(line: int, lines: LineIndex, span: Span) -> bool:
    return lines.line(span.start) <= line <= lines.line(max(span.start, span.end - 1))


# One file, and all of them ------------------------------------------------------------------------------------------


def examine(text: str, transforms: tuple[Transform, ...]) -> Result:
    """Run the pipeline on one file and check what it did."""
    result = Result()
    figures = result.figures
    figures["files"] = 1
    start = time.perf_counter()
    report = run(transforms, text)
    result.seconds = time.perf_counter() - start
    accepted = not isinstance(oracle(text), str)
    ours = report.status is not Status.UNREADABLE
    figures[
        f"read by {'both' if ours and accepted else 'us only' if ours else 'BuildKit only' if accepted else 'none'}"
    ] = 1
    if not ours:
        result.refusals[plain(report.reason)] = 1
        return result
    for each in report.findings:
        result.findings[each.transform, each.safety.name.lower(), each.outcome.value] += 1
    result.declines.update((each.transform, plain(each.why)) for each in report.declined)
    layers = {each.name for each in transforms if each.phase in (Phase.LAYERS, Phase.MOVES)}
    wrong = list(mistakes(report))
    try:
        before, after = read(report.before), read(report.text)
    except Unreadable as error:
        wrong.append(("refused by BuildKit", f"our reader: {error}"))
    else:
        if report.notes and not report.findings and not report.declined:
            figures[NOTED] = 1
            result.refusals.update(plain(note) for note in report.notes)
        else:
            wrong += [(name, "") for name in joined(report, before, after, layers)]
            wrong += apt(report, before, after)
        if report.text != report.before:
            wrong += refused(report)
            wrong += broken_shell(before, after)
            wrong += lost_words(report, before, after)
            wrong += lost_comments(before, after)
    if report.text != report.before or report.changed:
        figures["changed"] = 1
        wrong += lost_bytes(report)
        wrong += restless(report, transforms)
        result.diff = "\n".join(
            difflib.unified_diff(report.before.splitlines(), report.text.splitlines(), "before", "after", lineterm="")
        )
    for name, line in wrong:
        figures[name] += 1
        if name in MUST_BE_ZERO:
            result.violations.append((name, "", line))
    return result


def plain(why: str) -> str:
    """A reason without names and numbers, so that equal reasons count together."""
    why = re.sub(r"\"[^\"]*\"|`[^`]*`|(?<!\w)'[^']*'", "'...'", why)
    return re.sub(r"\d+", "N", why)


def work(job: tuple[str, str, str]) -> tuple[str, Result]:
    name, text, only = job
    return name, examine(text, tuple(each for each in pipeline() if only in ("", each.name)))


def load(path: str, sample: int, seed: int) -> list[tuple[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        files = [(str(each["id"]), str(each["text"])) for each in map(json.loads, lines)]
    return random.Random(seed).sample(files, min(sample, len(files))) if sample else files


def main() -> int:
    parser = argparse.ArgumentParser(description="Run the whole pipeline over a corpus and print what became of it.")
    parser.add_argument("corpus", help='gzipped JSON lines with "id" and "text"')
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--sample", type=int, default=0, help="only so many files, drawn at random")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show-diffs", type=int, default=0, help="print so many diffs, drawn at random")
    parser.add_argument("--only", default="", help="run only this transform")
    parser.add_argument("--declines", action="store_true", help="print the ten commonest reasons of each transform")
    parser.add_argument("--violations", type=int, default=10, help="lines to print of each kind of violation")
    asked = parser.parse_args()
    if asked.only and asked.only not in (names := [each.name for each in pipeline()]):
        parser.error(f"no transform is named {asked.only}; there are {', '.join(names)}")
    files = load(asked.corpus, asked.sample, asked.seed)
    total, diffs = Result(), []
    # Forked processes would wait for the threads of the Go runtime that came with BuildKit's parser.
    with get_context("spawn").Pool(asked.jobs) as pool:
        jobs = [(name, text, asked.only) for name, text in files]
        for name, result in pool.imap_unordered(work, jobs, chunksize=16):
            result.violations = [(kind, name, line) for kind, _, line in result.violations]
            total.add(result)
            if result.diff:
                diffs.append((name, result.diff))
    show(total, asked.declines, asked.violations)
    for name, diff in random.Random(asked.seed).sample(sorted(diffs), min(asked.show_diffs, len(diffs))):
        print(f"\n=== {name}\n{diff}")
    return int(any(total.figures[name] for name in MUST_BE_ZERO))


def show(total: Result, declines: bool, violations: int) -> None:
    figures, files = total.figures, total.figures["files"]
    print("Files")
    for name in ("files", "read by both", "read by us only", "read by BuildKit only", "read by none", NOTED, "changed"):
        print(f"  {figures[name]:>8}  {name}")
    print(f"  {files / max(total.seconds, 1e-9):>8.0f}  files per second and process, checks not counted")
    table("Left unread or alone, by reason", ((count, name) for name, count in total.refusals.most_common(20)))
    table("Findings", ((count, "  ".join(key)) for key, count in sorted(total.findings.items())))
    table("Declines", sorted_declines(total.declines, 10 if declines else 0))
    for title, share in (("joinable runs", "files"), ("apt without clean-up", "runs")):
        whole = figures[f"{title}: {share}"]
        rows = ((n, f"{100 * n / whole:5.1f} %  {k}") for k, n in sorted(figures.items()) if k.startswith(title))
        table(title.capitalize(), rows)
    table("Must be 0", ((figures[name], name) for name in MUST_BE_ZERO))
    for kind in MUST_BE_ZERO:
        for _, name, line in sorted(each for each in total.violations if each[0] == kind)[:violations]:
            print(f"  {kind}: {name}: {line}")


def sorted_declines(declines: Counter[tuple[str, str]], top: int) -> Iterator[tuple[int, str]]:
    """Each transform's sum, then its commonest reasons."""
    for name in sorted({name for name, _ in declines}):
        own = Counter({why: count for (who, why), count in declines.items() if who == name})
        yield own.total(), name
        for why, count in own.most_common(top):
            yield count, f"    {why}"


def table(title: str, rows: Iterable[tuple[int, str]]) -> None:
    print(f"\n{title}")
    for count, name in rows:
        print(f"  {count:>8}  {name}")


if __name__ == "__main__":
    sys.exit(main())
