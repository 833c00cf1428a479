"""Delete apt's package lists in the layer that fetched them.

## What it does
Appends `rm -rf /var/lib/apt/lists/*` to a RUN that calls `apt-get update`, or a published script that does
(NodeSource's `setup_20.x`, `get.docker.com`), in the author's own style.

## Why it saves
`apt-get update` downloads the index of every package of the distribution. It is needed to install, and never at run
time. A later `rm` hides it and keeps its bytes, so it must go in the same layer.

## When it is safe
When nothing later in the image installs from those lists. A later RUN that calls `apt-get install` without its own
`apt-get update` would no longer find its packages; there the lists stay, and so they do where a later script is known
to call apt, or is named like one that installs (`install.sh`, `make deps`, `ansible-playbook`). When another script
that we cannot see runs later, this is REVIEW. Where the lists came with sudo, they go with sudo.

## What it leaves alone
Stages that do not ship; lists on a cache mount; a RUN that deletes them itself; a RUN whose end may be skipped; lists
that the base image brought; a RUN that does nothing but fetch lists.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.model import apt, apt_uses, style
from rewriter.model.caches import span_of
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.model.shipping import Unshipped
from rewriter.rule import Ask, Change, Decline, Finding, Phase, Safety, transform


@transform(phase=Phase.COMMANDS, touches={"RUN"}, tools=apt.FETCHERS, hadolint={"DL3009"})
def apt_lists_left_behind(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    unshipped, readers = Unshipped(), apt_uses.Readers(file, ask.context)
    for run in file.runs:
        fetch = apt.last_fetch(run) or apt.may_fetch(run)
        if fetch is None or run.mounted(apt.LISTS):
            yield from _foreign(file, run)
            continue
        if apt.clears(run, fetch.start):
            continue
        at = span_of(run, fetch)
        if not run.stage.ships:
            yield from unshipped.once(run.stage, at)
            continue
        uses = readers.of(run)
        obstacle = _obstacle(file, run, uses)
        change = _deleted(run, fetch) if not obstacle else style.Refusal(obstacle)
        if isinstance(change, style.Refusal):
            yield Decline(at, change.why)
            continue
        unseen = tuple(
            f"line {file.line(other.span.start)} runs {name}, which is taken not to install from these lists"
            for other, name in uses.unseen[:1]
        )
        yield Finding(
            at,
            "Delete the apt lists in the layer that fetched them",
            change,
            Safety.REVIEW if unseen else Safety.SAFE,
            (
                f"{_name(fetch)} fetched the lists in this layer",
                "nothing later installs from these lists",
                *_void(run),
                *unseen,
            ),
        )


def _deleted(run: Run, fetch: Command) -> Change | style.Refusal:
    raised = apt.raised(run, fetch)
    return raised if isinstance(raised, style.Refusal) else style.append(run, f"{raised}rm -rf {apt.LISTS}/*")


def _name(fetch: Command) -> str:
    if apt.is_apt(fetch, "update"):
        return f"{fetch.tool} update"
    return f"the script that {fetch.tool} downloads" if fetch.tool in ("curl", "wget") else fetch.tool


def _void(run: Run) -> Iterator[str]:
    """Why the author's own clean-up does nothing."""
    if any(apt.unexpanded(run, command) for command in run.commands):
        yield "Debian's /bin/sh expands no braces, so the rm with braces deletes nothing"


def _obstacle(file: File, run: Run, uses: apt_uses.Uses) -> str:
    """Why the lists must stay, or ""."""
    if uses.readers:
        line = apt.line_of_reader(uses.readers[0])
        return f"line {line} installs from these lists without an update of its own"
    if uses.elsewhere:
        line = file.line(uses.elsewhere[0].span.start)
        return f"line {line} installs from these lists when the image is used, without an update of its own"
    if uses.likely:
        return uses.likely[0][1]
    if apt.only_fetches(run):
        if uses.unseen:
            other, name = uses.unseen[0]
            line = file.line(other.span.start)
            return f"this RUN only fetches lists, and line {line} runs {name}, which may install from them"
        return "this RUN does nothing but fetch lists that nothing uses: it should go as a whole"
    if run.form == "exec":
        return "it is in exec form, which has no place for a second command"
    return ""


def _foreign(file: File, run: Run) -> Iterator[Decline]:
    """A RUN that installs from lists which no RUN of the file fetched, or whose script cannot be read."""
    if not run.stage.ships or run.mounted(apt.LISTS):
        return
    if run.script is None and run.form != "exec":
        text = run.visible.text
        if "apt" in text and "update" in text and "install" in text:
            yield Decline(run.span, f"its script cannot be read: {run.reading.refusal}")
        return
    reader = apt.first_reader(run)
    if reader is not None and not apt.clears(run) and not apt.inherited(file, run):
        why = "no earlier RUN left the lists that it installs from, and what the base image brought can only be hidden"
        yield Decline(span_of(run, reader), why)
