"""Install and remove build packages in one RUN.

## What it does
Points at packages that one RUN installs and a later RUN removes again, with both lines and what stands between.

## Why it saves
A package that is removed in a later layer is hidden, not gone: all its bytes ship. Installed, used and removed in one RUN, it
leaves nothing.

## When it is safe
RUNs that stand side by side are joined anyway. Across other instructions the commands would have to change their order, which
only the author can judge; so this is told and never applied.

## What it leaves alone
Stages that do not ship; packages that the same RUN installed; packages that the base image brought; virtual packages of apk.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.model import apt
from rewriter.model.caches import span_of
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.rule import Ask, Decline, Finding, Phase, Safety, transform

_INSTALLS = {"apt": {"install"}, "yum": {"install", "localinstall"}, "apk": {"add"}, "zypper": {"install", "in"}}
_REMOVES = {"apt": {"remove", "purge", "autoremove"}, "yum": {"remove", "erase", "autoremove"}, "apk": {"del"},
            "zypper": {"remove", "rm"}}  # fmt: skip
_FAMILY = {"apt-get": "apt", "apt": "apt", "aptitude": "apt", "yum": "yum", "dnf": "yum", "microdnf": "yum", "tdnf": "yum",
           "apk": "apk", "zypper": "zypper"}  # fmt: skip


@transform(phase=Phase.LAYERS, touches=set(), safety=Safety.SHOW, tools=set(_FAMILY))
def build_packages_purged_later(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    for stage in file.stages:
        if not stage.ships:
            continue
        installed: dict[tuple[str, str], Run] = {}
        for run in (run for run in file.runs if run.stage is stage):
            here: set[tuple[str, str]] = set()
            for command in run.commands:
                if _does(command, _INSTALLS):
                    here.update(_packages(command))
                elif _does(command, _REMOVES):
                    late = [key for key in _packages(command) if key in installed and key not in here]
                    if late:
                        yield Decline(span_of(run, command), _told(file, run, late, installed))
            installed.update(dict.fromkeys(here, run))


def _does(command: Command, what: dict[str, set[str]]) -> bool:
    family = _FAMILY.get(command.tool)
    return family is not None and command.subcommand in what[family]


def _packages(command: Command) -> Iterator[tuple[str, str]]:
    return ((_FAMILY[command.tool], name) for name in apt.asked_for(command))


def _told(file: File, run: Run, late: list[tuple[str, str]], installed: dict[tuple[str, str], Run]) -> str:
    origin = min((installed[key] for key in late), key=lambda one: one.index)
    between = [s for s in run.stage.steps if origin.index < s.index < run.index and s.name != "RUN"]
    names = ", ".join(name for _, name in late[:3]) + (f" and {len(late) - 3} more" if len(late) > 3 else "")
    line = file.line(origin.instruction.keyword.start)
    if between:
        first = between[0]
        stands = f"{first.name} on line {file.line(first.instruction.keyword.start)} stands between"
    else:
        stands = "the two RUNs are not joined"
    return f"{names} came with line {line} and ships in that layer; both belong in one RUN, but {stands}"
