"""Start from the image of ASP.NET where a container only runs a program that was published elsewhere.

## What it does
Writes `aspnet` for `sdk` in the name of Microsoft's image, with the same tag: `mcr.microsoft.com/dotnet/sdk:8.0` becomes
`mcr.microsoft.com/dotnet/aspnet:8.0`. It holds the runtime of .NET too, so that it does not matter which of both is meant.

## Why it saves
The SDK is built on this image and adds compilers, the command line and the package cache. No figure is told: sizes of these
tags are not in the tables.

## When it is safe
A person decides (SHOW). A container starts `dotnet NAME.dll`, and no instruction or script that is seen calls a command of
the SDK, git, curl or PowerShell. From 3.1 to 7.0 the image of ASP.NET sets the port, which the SDK does not: the file has to
set it, unless the project of that name (`NAME.csproj`) serves no web; from 8.0 on both have the same. Whether the program
compiles while it runs is printed as a question; a package that looks for an SDK while it runs stands against it.

## What it leaves alone
What restores, builds, publishes, tests or runs from sources in the same stage: `dotnet-toolchain-shipped` splits that.
Images without CMD, or that start anything else; ONBUILD; tags of one patch, whose numbers differ; images with a digest.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.knowledge import toolchains
from rewriter.knowledge.unknown import Unknown
from rewriter.model import base_swap, style, toolchain_swap
from rewriter.model.file import File
from rewriter.rule import Ask, Change, Decline, Finding, Phase, Safety, transform
from rewriter.text import Edit, Span


@transform(phase=Phase.BASE, touches={"FROM"}, safety=Safety.SHOW, images={"sdk"})
def dotnet_sdk_shipped(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    place = base_swap.place_of(file, toolchains.SDKS, ask, "full", "slim", "alpine")
    if place is None:
        return
    if isinstance(place, Unknown):
        yield toolchain_swap.unknown(file, place)
        return
    from rewriter.model import toolchain_needs  # here: few files get so far

    other = f"{place.image.removesuffix('sdk')}aspnet"
    beside = toolchain_swap.Beside(
        f"{other}:{place.written}",
        _aspnet(file, place, other),
        f"{place.image}:{place.written} is built on {other}:{place.written}, which has the same runtimes",
        "compilers, the commands of dotnet, git, curl and PowerShell",
    )
    yield toolchain_swap.proposal(file, place, toolchain_needs.needs_of(file, "dotnet", ask), beside, ask)


def _aspnet(file: File, place: base_swap.From, other: str) -> Change | style.Refusal:
    if not toolchains.has_aspnet(place.written):
        return style.Refusal(f"it is not known that there is {other}:{place.written or 'latest'}")
    written = place.place.of(file.source)
    if "/sdk:" not in written:
        return style.Refusal("an argument says which image it is: its default would have to be another")
    start = place.place.start + written.find("/sdk:") + 1
    return Change((Edit.replace(Span(start, start + len("sdk")), "aspnet"),))
