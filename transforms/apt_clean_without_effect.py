"""Drop `apt-get clean` where it cleans nothing.

## What it does
Drops a RUN that does nothing but `apt-get clean` on an official Debian or Ubuntu based image. Among other commands it is
only shown: there it costs nothing.

## Why it saves
It saves a command and, where it has a RUN of its own, an empty layer. It is a sign of a clean-up that is believed to
work: in a later layer nothing of an earlier one can be deleted.

## When it is safe
Official images configure apt to delete every downloaded package right after it was installed, so the command finds
nothing; and a RUN of its own could not take a byte out of the layers below. Among other commands a person decides: an
image that only bears an official name may keep apt's binary caches, and the command would delete them.

## What it leaves alone
Other base images, whose apt may keep downloads; files that change this configuration or only download; a command that
cannot be taken out without touching its neighbours; `apt-get autoremove` in a RUN of its own, since what it removes is
in the file system (though its bytes stay in the layers below).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rewriter.model import apt, style
from rewriter.model.caches import span_of
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.model.shipping import Unshipped
from rewriter.model.walk import words
from rewriter.rule import Ask, Change, Decline, Finding, Phase, Safety, transform

_SWITCHES: Final = ("docker-clean", "Keep-Downloaded-Packages", "--download-only", "Post-Invoke", "Dir::Cache")


@transform(phase=Phase.TIDY, touches={"RUN"}, tools={"apt-get", "apt", "aptitude"}, safety=Safety.SHOW)
def apt_clean_without_effect(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    unshipped = Unshipped()
    for run in file.runs:
        cleans = [command for command in run.commands if apt.is_apt(command, "clean", "autoclean")]
        alone = _nothing_else(run)
        if not (cleans or alone) or run.mounted("/var/cache/apt/archives"):
            continue
        base = apt.official(file, run)
        if not alone and (not base or any(text in file.source for text in _SWITCHES)):
            continue  # it may well delete what this RUN downloaded
        at = span_of(run, (cleans or list(run.commands))[0])
        if not run.stage.ships:
            yield from unshipped.once(run.stage, at)
            continue
        if alone:
            why = _obstacle(file, run, base)
            yield Decline(at, why) if why else _finding(run, cleans[0], base, _gone(file, run), Safety.SAFE)
            continue
        for command in cleans:
            change = style.remove(run, command)
            if isinstance(change, Change):
                yield _finding(run, command, base, change, Safety.SHOW)


def _finding(run: Run, command: Command, base: str, change: Change, safety: Safety) -> Finding:
    name = f"{command.tool} {command.subcommand}"
    because = f"apt deletes downloaded packages by itself on {base}, so {name} finds nothing"
    return Finding(span_of(run, command), f"Drop {name}, which does nothing here", change, safety, (because,))


def _nothing_else(run: Run) -> bool:
    return any(map(_cleans, run.commands)) and all(
        _cleans(command) or command.tool in ("true", ":", "set") for command in run.commands
    )


def _cleans(command: Command) -> bool:
    return apt.is_apt(command, "clean", "autoclean") or (apt.is_apt(command, "autoremove") and not command.operands)


def _obstacle(file: File, run: Run, base: str) -> str:
    """Why a RUN that only cleans must stay, or ""."""
    if any(apt.is_apt(command, "autoremove") for command in run.commands):
        return (
            "what autoremove takes away keeps its bytes in the layers below; it belongs into the RUN that left it over"
        )
    if not base or any(text in file.source for text in _SWITCHES):
        return "a RUN of its own cleans nothing out of the layers below; it belongs into the RUN that installs"
    if run.instruction.comments or file.comments_above(run.instruction):
        return "a comment belongs to the RUN, which does nothing"
    return ""


def _gone(file: File, run: Run) -> Change:
    assert run.script is not None, "a RUN with commands has a script"
    return Change((style.whole(file, run.instruction),), drops=tuple(words(run.script.body, run.script.text)))
