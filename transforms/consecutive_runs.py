"""Join consecutive RUN instructions into one.

## What it does
Makes one RUN of RUNs that follow each other, in the author's own style. Comments between them stay where they are, as
comment lines inside the continuation. LABEL, EXPOSE, CMD, ENTRYPOINT, HEALTHCHECK, STOPSIGNAL and MAINTAINER in between
move behind it. A part whose shell state would reach the next one (`cd`, `export`, `set`, ..., or the place of a program that
moves, as python does with a venv in PATH) is put in `( )`, and the finding says so; a `cd` needs none where the part comes back
or the next ones name all they touch by its full path. A later part with `;` or `||` is put in `{ }`. So each command runs as
before and each failure counts as before.

## Why it saves
Each RUN is a layer. A file that a later RUN changes or deletes stays in the layer below for ever; inside one RUN only what
is left at its end is stored. Other transforms then need one clean-up instead of one for each RUN. The price is build cache:
when one part changes, all are built again. `join-runs = "when-it-saves"` joins only where a later part deletes or changes
what an earlier one stored, or may have stored, and where one fetches lists of apt from which another installs; `"off"` never
does.

## When it is safe
When the same shell, user, directory and variables are in force and the flags are the same, and no part leaves a process
behind.

## What it leaves alone
Stages that do not ship; RUNs with anything else in between, or with other flags; here-documents; scripts that cannot be
read; services started in the background; `set -e` beside `&&`; ONBUILD; instructions with a comment for hadolint above; sections
that begin with a heading (`# =====`), where joining them saves little.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rewriter.model import apt, comments, join, taken_back
from rewriter.model.file import File, Stage, Step
from rewriter.model.run import Run
from rewriter.model.shipping import Unshipped
from rewriter.rule import Ask, Decline, Finding, Phase, Safety, transform
from rewriter.text import Span

_NOTHING: Final = "no later part is seen to delete or change anything of size that an earlier one stored"


@transform(
    phase=Phase.LAYERS,
    touches={"RUN", "LABEL", "EXPOSE", "CMD", "ENTRYPOINT", "HEALTHCHECK", "STOPSIGNAL", "MAINTAINER"},
    hadolint={"DL3059"},
)
def consecutive_runs(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    if ask.settings.join_runs == "off":
        return
    if len(file.runs) < 2:
        return
    unshipped = Unshipped()
    for stage in file.stages:
        for row in _rows(stage, file.run_at):
            if stage.ships:
                yield from _joined(file, row, ask)
            else:
                yield from unshipped.once(stage, row.runs[1].span)


def _rows(stage: Stage, runs: dict[int, Run]) -> Iterator[join.Chain]:
    """The RUNs of a stage that stand in a row of two or more."""
    row: list[Run] = []
    between: list[Step] = []
    waiting: list[Step] = []
    for step in [*stage.steps, None]:
        if step is not None and step.name in join.STEPPED_OVER and row:
            waiting.append(step)
        elif step is not None and step.name == "RUN":
            between += waiting
            waiting = []
            row.append(runs[step.index])
        else:
            if len(row) > 1:
                yield join.Chain(tuple(row), tuple(between))
            row, between, waiting = [], [], []


def _joined(file: File, row: join.Chain, ask: Ask) -> Iterator[Finding | Decline]:
    """One finding for each part of the row that can be joined, one decline for each place where it cannot."""
    group = [row.runs[0]]
    size = len(row.runs[0].visible.text)
    count = join.commands_of(row.runs[0])
    own = join.obstacle(row.runs[0])
    for left, right in zip(row.runs, row.runs[1:], strict=False):
        of_left, own = own, join.obstacle(right)
        why = of_left or join.obstacle_before(left) or own or join.pair_obstacle(left, right)
        size += len(right.visible.text)
        count += join.commands_of(right)
        if not why and size > join.LONGEST:
            why = "the joined command would be longer than Linux takes"
        if not why and count > join.MANY:
            why = f"a RUN of more than {join.MANY} commands is hard to read, and one failure would repeat them all"
        if not why:
            group.append(right)
            continue
        yield from _finding(file, group, row, ask)
        if left.readable and right.readable:  # of the others the engine has spoken already
            yield Decline(right.span, f"not joined with line {file.line(left.instruction.keyword.start)}: {why}")
        group = [right]
        size = len(right.visible.text)
        count = join.commands_of(right)
    yield from _finding(file, group, row, ask)


def _finding(file: File, group: list[Run], row: join.Chain, ask: Ask) -> Iterator[Finding | Decline]:
    if len(group) < 2:
        return
    saved = taken_back.fact(file, group)
    headed = 0 if saved else comments.headed(group)
    if headed and sum(apt.first_reader(run) is not None and apt.last_fetch(run) is None for run in group) > 1:
        headed = 0  # one update would do for all of them
    if headed:
        yield from _finding(file, group[:headed], row, ask)
        before, after = (file.line(run.instruction.keyword.start) for run in group[headed - 1 : headed + 1])
        why = f"a heading stands above line {after}, and {_NOTHING}"
        yield Decline(group[headed].span, f"not joined with line {before}: {why}")
        yield from _finding(file, group[headed:], row, ask)
        return
    first, last = group[0], group[-1]
    if ask.settings.join_runs == "when-it-saves" and not saved:
        yield Decline(group[1].span, f"joining would cost build cache, and {_NOTHING}")
        return
    between = tuple(step for step in row.between if first.index < step.index < last.index)
    saved = saved or f'{_NOTHING}, so it saves little (join-runs = "when-it-saves" leaves such)'
    because = [
        f"one layer instead of {len(group)}: {saved}",
        "the same shell, user, directory, variables and flags are in force for all of them",
    ]
    brackets = join.wrapped(group)
    for cause in dict.fromkeys(brackets.values()):
        lines = [str(file.line(run.instruction.keyword.start)) for run, why in brackets.items() if why == cause]
        stand = "lines {} stand" if len(lines) > 1 else "line {} stands"
        because.append(f"{stand.format(', '.join(lines))} in ( ), {cause}")
    if between:
        because.append(f"{', '.join(sorted({step.name for step in between}))} in between says nothing to a RUN")
    yield Finding(
        Span(first.instruction.keyword.start, last.instruction.end),
        f"Join {len(group)} consecutive RUNs into one",
        join.join(file, join.Chain(tuple(group), between), brackets),
        Safety.SAFE,
        tuple(because),
    )
