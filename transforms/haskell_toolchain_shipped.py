"""Split a Haskell build: compile in a builder stage, ship the program without GHC and what it compiled on the way.

## What it does
Names the stage `builder` and adds a final stage: `debian:X-slim` of the release that the image of `haskell` is built on; the same
image where a package, Stack's script or ghcup brings GHC to Debian or Ubuntu. There go the programs that the image starts, at
their paths (`stack install`, `cabal install`, `cabal build` before 3.0, `ghc -o`; `ENV PATH` for `~/.local/bin`), the folders
that they run in without object files, what they link (`libgmp10`, `libnuma1`, libraries of `-dev` packages), `netbase` and
certificates, `ENV LANG=C.UTF-8` of the image, packages, users, ENV, WORKDIR, USER; LABEL, EXPOSE, VOLUME, HEALTHCHECK, CMD and
their like move there. A folder that only holds sources stays in the builder. What cabal installs is a link into its store: COPY
takes what the link leads to; in a folder that goes along whole a RUN does.

## Why it saves
The image has GHC with every library of it in two or three forms, a C compiler, Stack, cabal and, once they have built, packages
of Hackage and object files: gigabytes. A program of GHC has its Haskell libraries in it, and needs a few of C. No figure is told:
sizes of these tags are not in the tables.

## When it is safe
A person decides (SHOW), and is asked: whether the program finds its libraries (with the command that tells), whether it reads
nothing of the sources that stay, nor files that its package installs, where cabal puts programs when no option says it.

## What it leaves alone
Images to develop, test or build with: those that start nothing of their own, a shell, GHC or a watcher. `stack exec`, `cabal run`
and their like in CMD: they need the toolchain. `stack build` and `cabal build` alone, whose programs lie where only
`stack path` or `cabal list-bin` tell. Tags that do not tell the release; `fpco/stack-build`, which has every library; data files
that cabal installs (`stack install` leaves them below the sources, which go along then); what another user than root installs;
`stack exec` and `cabal run` in a RUN; packages of a release that is no longer served; ONBUILD, SHELL, stages on stages.
Without a word: images that start nothing of their own, or a shell; what builds and is taken away again by its own RUN.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.model import split_idle
from rewriter.model.file import File
from rewriter.rule import SPLIT, Ask, Decline, Finding, Phase, Safety, transform


@transform(phase=Phase.STAGES, touches=SPLIT, safety=Safety.SHOW, only_shows=True, tools={"stack", "cabal", "ghc"})
def haskell_toolchain_shipped(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    if split_idle.starts_nothing(file):
        return
    from rewriter.model import split_haskell  # modules that few files need

    found = split_haskell.split(file, ask)
    if found is not None:
        yield found
