"""Download an archive in the RUN that unpacks it.

## What it does
Moves the `wget` or `curl` of an archive from its RUN to the later RUN that unpacks it, in front of the unpacking
command.

## Why it saves
The archive is in the layer of its download for ever, whatever a later RUN deletes. Where download, unpacking and
deletion share a RUN, nothing of the archive is stored.

## When it is safe
When both commands run in the same directory as the same user with the same variables, and nothing else names the file.
The download happens later in the build, so this is REVIEW.

## What it leaves alone
Stages that do not ship; RUNs with nothing but RUNs in between, which joining brings together; a download under a
condition or with a check of its own; RUNs with a `||` or a `;` list; an archive that is used again later; mounts.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from rewriter.model import download, effects, leftovers, style
from rewriter.model.caches import span_of
from rewriter.model.cleanup import take_whole
from rewriter.model.command import Command
from rewriter.model.effects import Made
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.model.shipping import Unshipped
from rewriter.rule import Ask, Change, Decline, Finding, Phase, Safety, transform


@transform(phase=Phase.LAYERS, touches={"RUN"}, safety=Safety.REVIEW, tools={"wget", "curl"})
def archive_unpacked_in_later_layer(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    unshipped = Unshipped()
    for run in file.runs:
        if run.tools.isdisjoint(download.TOOLS) or (ask.settings.join_runs == "shipped" and not _apart(run)):
            continue
        found = effects.of(run)
        for made in found.makes:
            if not made.download or made.kind != "file" or found.local(made.path) or run.mounted(made.path):
                continue
            if leftovers.gone(found, made) or leftovers.in_volume(run, made.path):
                continue
            unpacked = download.unpacking(file, run.index, run.stage.index, made.path)
            if unpacked is None or any(effects.same(one.path, made.path) for e in found.each for one in e.unpacks):
                continue
            later, command = unpacked
            between = [step for step in run.stage.steps if run.index < step.index < later.index]
            if ask.settings.join_runs == "shipped" and all(step.name == "RUN" for step in between):
                continue  # joining brings them together, as above
            if run.stage.ships:
                why = download.in_the_way(file, between, made.path)
                why = why or leftovers.wanted_later(file, later, made.path).why
                yield Decline(span_of(run, made.command), why) if why else _moved(file, run, made, later, command)
            else:
                yield from unshipped.once(run.stage, span_of(run, made.command))


def _apart(run: Run) -> bool:
    """True when another instruction stands between the RUN and a later one of its stage."""
    later = [step.name for step in run.stage.steps if step.index > run.index]
    return any(a != "RUN" and b == "RUN" for a, b in pairwise(later))


def _moved(file: File, run: Run, made: Made, later: Run, command: Command) -> Finding | Decline:
    fetch, name = made.command, leftovers.shown(made.path)
    at, line = span_of(run, fetch), file.line(later.instruction.keyword.start)
    why = _differs(run, made, later, command)
    if why:
        return Decline(at, f"{name} is unpacked in line {line}: {why}")
    assert run.script is not None
    alone = all(one.simple is fetch.simple or one.tool == "cd" for one in run.commands)
    taken: Change | style.Refusal = take_whole(file, run) if alone else style.remove(run, fetch)
    text = run.script.text[fetch.start : fetch.end]
    added = download.in_front(later, command, text)
    if not isinstance(taken, Change) or not isinstance(added, Change):
        refusal = taken if not isinstance(taken, Change) else added
        assert isinstance(refusal, style.Refusal)
        return Decline(at, f"{name} is unpacked in line {line}: {refusal.why}")
    because = (f"line {line} unpacks {name}", "nothing else names it", "directory, user and variables are the same")
    return Finding(at, f"Download {name} in the RUN that unpacks it", taken + added, Safety.REVIEW, because)


def _differs(run: Run, made: Made, later: Run, command: Command) -> str:
    """Why the download would not be the same in front of the unpacking command, or ""."""
    fetch = made.command
    if not fetch.place.certain or not fetch.place.own_shell or not fetch.editable:
        return "the download stands in a pipe, under a condition or in a quoted script"
    start = effects.of(later)
    cwd = next((effect.cwd for effect in start.each if effect.command.simple is command.simple), None)
    if cwd is None or cwd != made.cwd:
        return "it runs in another directory than the download"
    if run.state.user != later.state.user or run.state.shell != later.state.shell:
        return "another user or shell is in force there"
    if run.state.environment != later.state.environment:
        return "ENV or ARG in between may change what the download does"
    if run.instruction.flags or later.instruction.flags or run.instruction.heredocs or later.instruction.heredocs:
        return "flags or here-documents differ"
    found = effects.of(run)
    between = [other for other in run.file.runs if run.index <= other.index < later.index]
    if download.uninstalls(between):
        return f"{fetch.tool} may be uninstalled by then"
    if leftovers.last_use(found, made, run).command is not fetch:
        return "the RUN that downloads it uses it too"
    if any(one.simple.assignments or one.tool == "export" for one in (*run.commands, *later.commands)):
        return "the scripts set variables of their own"
    return ""
