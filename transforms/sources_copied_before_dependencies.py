"""Copy the files that name dependencies, fetch, and copy the sources then.

## What it does
Where `COPY . .` stands in front of `RUN npm ci`, copies `package.json` and its lock file first, lets the RUN stand behind
them, and copies the rest behind the RUN.

## Why it saves
A cached layer is used again while all that is in front of it is the same. Behind `COPY . .` every change of a source fetches
all dependencies again, and the new layer is pushed and pulled again. No byte of one image is saved.

## When it is safe
SHOW, always: a person has to know that nothing else is read. Which files a program reads is in its manual.

## What it leaves alone
Stages.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.knowledge.fetchers import TOOLS
from rewriter.model.file import File
from rewriter.rule import Ask, Decline, Finding, Phase, Safety, transform


@transform(
    phase=Phase.STAGES, touches={"COPY", "ADD", "RUN"}, safety=Safety.SHOW, tools=TOOLS, only_shows=True
)
def sources_copied_before_dependencies(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    from rewriter.model import dependencies_first  # modules that no other file needs

    for stage in file.stages:
        yield from dependencies_first.proposals(file, stage, ask)
