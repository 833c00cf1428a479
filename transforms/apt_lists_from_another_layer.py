"""Fetch apt's package lists in the layer that installs from them.

## What it does
Puts `apt-get update &&` in front of an `apt-get install` that relies on the lists of an earlier RUN, in the author's
own words. A RUN that was nothing but `apt-get update` goes when nothing needs its lists any more; its comments stay.

## Why it saves
Lists that a later RUN needs cannot be deleted in the layer that fetched them, so they ship. Once each RUN fetches its
own it can delete them too. It also mends a trap: Docker caches the RUN that fetched the lists, so a later build
installs from stale ones, and fails when the versions in them are gone.

## When it is safe
The packages are the same as in a fresh build of the original. The lists may be some minutes newer, so this is REVIEW.

## What it leaves alone
Stages that do not ship; installs inside loops, conditions or quoted scripts; installs by a user other than root without
sudo; lists that an ONBUILD, CMD or ENTRYPOINT needs; sources of apt that changed in between.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.model import apt, apt_uses, style
from rewriter.model.caches import span_of
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.model.shipping import Unshipped
from rewriter.model.walk import words
from rewriter.rule import Ask, Change, Decline, Finding, Phase, Safety, transform
from rewriter.text import Edit


@transform(phase=Phase.COMMANDS, touches={"RUN"}, safety=Safety.REVIEW, tools=apt.FETCHERS, hadolint={"DL3009"})
def apt_lists_from_another_layer(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    unshipped, readers = Unshipped(), apt_uses.Readers(file, ask.context)
    for run in file.runs:
        fetch = apt.last_fetch(run) or apt.may_fetch(run)
        if fetch is None or run.mounted(apt.LISTS) or apt.clears(run, fetch.start):
            continue
        uses = readers.of(run)
        alone = apt.only_fetches(run)
        if not uses.readers and not alone:
            continue
        at = span_of(run, fetch)
        if not run.stage.ships:
            yield from unshipped.once(run.stage, at)
            continue
        change = _change(file, run, fetch, uses, alone)
        if isinstance(change, str):
            yield Decline(at, change)
            continue
        lines = ", ".join(str(apt.line_of_reader(reader)) for reader in uses.readers)
        who = f"line {lines} installs" if len(uses.readers) == 1 else f"lines {lines} install"
        because = [f"{who} from lists that this earlier layer fetched"] if lines else []
        because += ["nothing else uses the lists of this RUN, which did nothing but fetch them"] if alone else []
        title = (
            "Fetch the apt lists in the layer that installs from them"
            if lines
            else "Drop a RUN that fetched unused apt lists"
        )
        yield Finding(at, title, change, Safety.REVIEW, tuple(because))


def _change(file: File, run: Run, fetch: Command, uses: apt_uses.Uses, alone: bool) -> Change | str:
    """The edits in all RUNs that rely on the lists of ``run``, or why there is one that must keep relying on them."""
    if uses.elsewhere:
        return f"line {file.line(uses.elsewhere[0].span.start)} needs these lists when the image is used"
    if uses.readers and not apt.counts(run, fetch):
        return "the RUN succeeds where its update fails, and the one that installs from it would not"
    first = uses.readers[0].index if uses.readers else len(file.dockerfile.instructions)
    likely = [why for other, why in uses.likely if other.index < first]
    if likely and alone:
        return likely[0]
    hidden = [(other, name) for other, name in uses.unseen if other.index < first]
    if hidden and alone:
        return f"line {file.line(hidden[0][0].span.start)} runs {hidden[0][1]}, which may install from these lists"
    total = Change()
    for reader in uses.readers:
        change = _updated(file, run, fetch, reader)
        if isinstance(change, str):
            return f"line {apt.line_of_reader(reader)} needs them: {change}"
        total += change
    if not alone:
        return total
    gone = _dropped(file, run, uses.readers[0] if uses.readers else None)
    return gone if isinstance(gone, str) else total + gone


def _updated(file: File, run: Run, fetch: Command, reader: Run) -> Change | str:
    install = apt.first_reader(reader)
    assert install is not None, "a reader has a command that reads"
    changed = apt.sources_changed(file, run, reader, install)
    if changed is not None:
        return f"line {changed} changes the sources of apt after these lists were fetched"
    privilege = [word.raw for word in install.wrappers if "=" not in word.raw]
    if "sudo" not in privilege:
        privilege = []
        if not reader.state.root:
            return f"it runs as {reader.state.user or 'a user'} who may not fetch lists"
    change = apt.run_before(reader, install, " ".join([*privilege, apt.update_like(fetch, install)]))
    return change.why if isinstance(change, style.Refusal) else change


def _dropped(file: File, run: Run, heir: Run | None) -> Change | str:
    """The whole RUN goes; the comments right above it move to the RUN that took over, unless it is the next one."""
    instruction = run.instruction
    if instruction.comments or (run.script is not None and run.script.comments):
        return "a comment stands inside the RUN that fetches them"
    edits = [style.whole(file, instruction)]
    comments = file.comments_above(instruction)
    successor = next((one for one in file.dockerfile.instructions if one.span.start >= instruction.span.end), None)
    if heir is not None and comments and successor is not heir.instruction:
        above = file.comments_above(heir.instruction)
        target = above[0].span.start if above else heir.instruction.span.start
        text = file.source[comments[0].span.start : comments[-1].span.end]
        edits = [style.whole(file, instruction, comments[0].span.start), Edit.insert(target, text)]
    lost = instruction.args or (tuple(words(run.script.body, run.script.text)) if run.script is not None else ())
    return Change(tuple(edits), drops=lost)
