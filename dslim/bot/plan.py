"""What to propose to a repository. Pure: the tree, the files and the owner's wishes go in, proposals come out.

A plan that lacks a file says so in ``wanted`` and is made again when it was fetched, so that a plan can be made anywhere:
here, in another process, on another machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from dslim import rewrite
from dslim.bot import keys, questions
from dslim.bot.config import Config
from dslim.bot.forge.protocol import Entry
from dslim.bot.owners import Owners
from dslim.bot.tree import TreeContext
from dslim.config import Options, Wrong
from dslim.names import PHASES
from rewriter.report import Declined, Outcome, Report, Status, Told

ALL = "all"
ONBOARDING = "//onboarding"  # no path and no rule is called so


class Source(NamedTuple):
    """A Dockerfile as it is in the tree."""

    path: str
    mode: str
    content: bytes


class Snapshot(NamedTuple):
    """All that a plan is made of. ``texts`` holds other files that were fetched, None for one that could not be.

    ``only`` are the questions that may be asked, None for all of them.
    """

    entries: tuple[Entry, ...]
    sources: tuple[Source, ...]
    texts: Mapping[str, bytes | None]
    config: Config
    only: frozenset[str] | None = None


class Rewritten(NamedTuple):
    """One file, before and after. ``steps`` are the texts in between, each with the rule that made it, in order; ``asks`` has
    the questions of each finding that was applied; ``new`` is a file that was not there before."""

    path: str
    mode: str
    before: bytes
    after: bytes
    applied: tuple[Told, ...]
    others: tuple[Told, ...]
    declined: tuple[Declined, ...]
    answer_key: str
    replaced: keys.Replaced
    asks: tuple[frozenset[str], ...]
    steps: tuple[tuple[str, bytes], ...] = ()
    new: bool = False

    @property
    def rules(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(told.transform for told in self.applied))

    @property
    def questions(self) -> frozenset[str]:
        return frozenset[str]().union(*self.asks)


class Text(NamedTuple):
    """The words of a pull request that is not about findings; ``message`` is what its commit says below the title."""

    title: str
    message: str
    body: str


class Proposal(NamedTuple):
    """What one pull request would do. ``text`` is None where it is told by what was found."""

    group: str
    files: tuple[Rewritten, ...]
    text: Text | None = None

    @property
    def change_key(self) -> str:
        return keys.change_key(file.replaced for file in self.files)

    @property
    def plan_key(self) -> str:
        return keys.plan_key((file.path, keys.blob_sha(file.before), keys.blob_sha(file.after)) for file in self.files)


class Alone(NamedTuple):
    """A file that is left as it is, and why: as a whole (``reason``), or smell by smell."""

    path: str
    reason: str
    declined: tuple[Declined, ...] = ()
    held_back: tuple[Told, ...] = ()


class Plan(NamedTuple):
    """``wanted`` are paths of files without which the plan is not the last word. ``mistakes`` are ours."""

    proposals: tuple[Proposal, ...] = ()
    alone: tuple[Alone, ...] = ()
    wanted: tuple[str, ...] = ()
    mistakes: tuple[str, ...] = ()


def plan(snapshot: Snapshot) -> Plan:
    """The proposals for one tree, by group, each with at most as many files as the owner allows."""
    entries = {entry.path: entry for entry in snapshot.entries}
    owners = Owners(entries, snapshot.texts, (*PHASES, *_names()))
    changed: list[Rewritten] = []
    alone: list[Alone] = []
    wanted: set[str] = set()
    mistakes: list[str] = []
    for source in snapshot.sources:
        try:
            options = owners.of(source.path, snapshot.config)
        except Wrong as wrong:
            alone.append(Alone(source.path, str(wrong)))
            continue
        if options is None:
            alone.append(Alone(source.path, "excluded by the owner's configuration"))
            continue
        context = TreeContext(source.path, entries, snapshot.texts)
        rewritten = _Rewriting(source, options, context, snapshot.only)
        report = rewritten.report()
        mistakes += [f"{source.path}: {name}" for name in (*report.crashed, *report.unsettled)]
        if not report.changed:
            held = tuple(told for told in report.findings if told.outcome is not Outcome.APPLIED)
            alone.append(Alone(source.path, report.reason, report.declined, held))
        elif snapshot.config.group == "rule":
            changed += _by_rule(rewritten, report)
        else:
            changed.append(_rewritten(source, report, _steps(rewritten, report, snapshot.config)))
        wanted |= context.wanted
    groups = _grouped(changed, snapshot.config)
    return Plan(
        tuple(groups), tuple(alone), tuple(sorted((wanted | owners.wanted) - snapshot.texts.keys())), tuple(mistakes)
    )


class _Rewriting(NamedTuple):
    """How one file is rewritten, by all rules or by some."""

    source: Source
    options: Options
    context: TreeContext
    only: frozenset[str] | None

    def report(self, select: tuple[str, ...] = ()) -> Report:
        """Even a mistake of dslim costs no more than this file."""
        source, options = self.source, self.options
        text = source.content.decode("utf-8", "surrogateescape")
        try:
            return rewrite(
                source.content,
                level=options.level,
                select=select or options.select,
                ignore=options.ignore,
                join_runs=options.join_runs,
                context=self.context,
                kept=None if self.only is None else questions.only(source.path, text, self.only),
            )
        except Exception as error:
            cause = f"dslim failed, please report it: {type(error).__name__}"
            return Report(Status.UNREADABLE, text, text, cause, crashed=(f"{type(error).__name__}: {error}",))


def _rewritten(source: Source, report: Report, steps: tuple[tuple[str, bytes], ...] = ()) -> Rewritten:
    applied = tuple(told for told in report.findings if told.outcome is Outcome.APPLIED)
    others = tuple(told for told in report.findings if told.outcome is not Outcome.APPLIED)
    instructions = questions.Instructions(report.before)
    before, after = questions.difference(instructions, questions.Instructions(report.text))
    rules = tuple(sorted({told.transform for told in applied}))
    replaced = keys.Replaced(source.path, rules, before, after)
    return Rewritten(
        source.path,
        source.mode,
        source.content,
        report.text.encode("utf-8"),
        applied,
        others,
        report.declined,
        keys.answer_key(replaced),
        replaced,
        tuple(questions.asked(source.path, instructions, told) for told in applied),
        steps,
    )


def _by_rule(rewriting: _Rewriting, whole: Report) -> Iterator[Rewritten]:
    """The same file once for each rule, as if there were no other."""
    for rule in dict.fromkeys(told.transform for told in whole.findings if told.outcome is Outcome.APPLIED):
        report = rewriting.report((rule,))
        if report.changed:
            yield _rewritten(rewriting.source, report)


def _steps(rewriting: _Rewriting, whole: Report, config: Config) -> tuple[tuple[str, bytes], ...]:
    """The texts after each rule, where commits are wanted by rule; none where they do not add up to the whole."""
    if config.commits != "rule":
        return ()
    steps: list[tuple[str, bytes]] = []
    ordered = in_order(told.transform for told in whole.findings if told.outcome is Outcome.APPLIED)
    before = text = rewriting.source.content
    for count, rule in enumerate(ordered, 1):
        report = rewriting.report(tuple(ordered[:count]))
        after = report.text.encode("utf-8") if report.changed else before
        if after != text:
            steps.append((rule, after))
        text = after
    return tuple(steps) if text == whole.text.encode("utf-8") else ()


def in_order(rules: Iterable[str]) -> list[str]:
    """Each rule once, in the order in which they run."""
    named = set(rules)
    return [name for name in _names() if name in named]


def _grouped(files: Iterable[Rewritten], config: Config) -> Iterator[Proposal]:
    groups: dict[str, list[Rewritten]] = {}
    for file in files:
        groups.setdefault(_group(file, config.group), []).append(file)
    for group, members in sorted(groups.items()):
        yield Proposal(group, tuple(sorted(members, key=lambda file: file.path)))


def _group(file: Rewritten, by: str) -> str:
    if by == "directory":
        return file.path.rpartition("/")[0] or "root"
    if by == "file":
        return file.path
    return file.rules[0] if by == "rule" else ALL


def _names() -> list[str]:
    from transforms import pipeline

    return [transform.name for transform in pipeline()]
