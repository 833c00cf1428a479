"""Split a Swift build: compile in a builder stage, ship the program without the toolchain and what it compiled on the way.

## What it does
Names the stage `builder` and adds a final stage on the slim variant of the same tag (`swift:5.10-slim`), which has the libraries
of the toolchain; on `ubuntu:X` of the release below the tag, with what Foundation links, where every `swift build` says
`--static-swift-stdlib`. There go the folder of the program (`.build/release`), with resources and libraries of packages that lie
beside it and without object files; programs that are copied elsewhere; folders that the image runs in (Vapor's `Public/` and
`Resources/`), packages, users, ENV, WORKDIR, USER; LABEL, EXPOSE, VOLUME, HEALTHCHECK, CMD and their like move there. A folder
that only holds sources stays in the builder.

## Why it saves
The image of `swift` has compiler, debugger, headers and static libraries and, below `.build/`, the repositories of dependencies
and every object file: gigabytes. Its slim variant has the libraries alone. No figure is told: sizes of these tags are not in
the tables.

## When it is safe
A person decides (SHOW), and is asked: whether the program finds its libraries (with the command that tells), whether it reads
nothing of the sources that stay, or of what dependencies have in their repositories, whether resources belong to a program that
is copied elsewhere. No toolchain was at hand to build with: fixtures stand for it.

## What it leaves alone
Images to develop, test or build with: those that start nothing of their own, a shell, the toolchain (`swift run` needs every
source) or the debugger. Images of other systems (Amazon Linux, UBI), tags before 5.1, most of which have no slim variant, and
tags of an argument; programs that no `swift build` is seen to make; `swift run` and plugins in a RUN; RUNs of another user behind
the build; packages of another release, ONBUILD, SHELL, stages on stages.
Without a word: images that start nothing of their own, or a shell.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.model import split_idle
from rewriter.model.file import File
from rewriter.rule import SPLIT, Ask, Decline, Finding, Phase, Safety, transform


@transform(phase=Phase.STAGES, touches=SPLIT, safety=Safety.SHOW, only_shows=True, tools={"swift", "swiftc"})
def swift_toolchain_shipped(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    if split_idle.starts_nothing(file):
        return
    from rewriter.model import split_swift  # modules that few files need

    found = split_swift.split(file, ask)
    if found is not None:
        yield found
