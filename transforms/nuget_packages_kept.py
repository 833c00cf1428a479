"""Empty NuGet's package folders in the layer that filled them.

## What it does
Runs `dotnet nuget locals all --clear` right behind a `dotnet publish`.

## Why it saves
NuGet keeps each package, with the builds for all platforms and frameworks. A published program has its own copy of
what it loads.

## When it is safe
When the RUN publishes, and nothing later calls the SDK: a program that was only built loads its packages from there.
REVIEW.

## What it leaves alone
`dotnet build` without `publish`; a later `dotnet run`, `watch`, `test`, `restore` or `ef`; images without a program
of their own; packages that a layer below holds already, as after `dotnet restore` in a RUN of its own;
`NUGET_PACKAGES`; mounts; stages that do not ship.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rewriter.knowledge.caches import cache_of
from rewriter.model import uses
from rewriter.model.caches import kept
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.rule import Ask, Decline, Finding, Phase, Safety, transform

SDK: Final = frozenset({"run", "watch", "test", "build", "restore", "publish", "ef", "pack", "tool"})


@transform(phase=Phase.COMMANDS, touches={"RUN"}, safety=Safety.REVIEW, tools={"dotnet"})
def nuget_packages_kept(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    def against(run: Run) -> str:
        if all(command.subcommand != "publish" for command in run.uses("dotnet")):
            return "a program that is built and not published loads its packages from there"
        for other in file.later_runs(run):
            if any(command.subcommand in SDK for command in other.uses("dotnet")):
                return f"line {file.line(other.span.start)} builds with these packages"
        if uses.at_run_time(file, run, {"dotnet"}) and uses.at_run_time(file, run, SDK):
            return f"{uses.at_run_time(file, run, SDK)} of the SDK, which needs these packages"
        for other in file.runs:
            below = other.index < run.index and other.stage.ships
            if below and any(command.subcommand in SDK for command in other.uses("dotnet")):
                return f"line {file.line(other.span.start)} filled NuGet's folders in a layer below, where they stay"
        return uses.workbench(file, run)

    return kept(file, cache_of("nuget"), against=against)
