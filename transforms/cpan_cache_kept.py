"""Delete the work directories of cpanm and CPAN in the layer that filled them.

## What it does
Appends `rm -rf ~/.cpanm` to a RUN that calls cpanm, and `rm -rf ~/.cpan/build ~/.cpan/sources` to one that calls
`cpan` or `perl -MCPAN`.

## Why it saves
Both keep the archive, the unpacked source tree and the build of each module.

## When it is safe
The modules are installed elsewhere; what is left is read by nobody. CPAN's own configuration in `~/.cpan` stays.

## What it leaves alone
Stages that do not ship; a directory on a mount, or moved by `PERL_CPANM_HOME`; a RUN that deletes it itself; another
user's home that is not known.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.knowledge.caches import cache_of
from rewriter.model.caches import kept
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.rule import Ask, Decline, Finding, Phase, transform


@transform(phase=Phase.COMMANDS, touches={"RUN"}, tools={"cpanm", "cpan", "perl"})
def cpan_cache_kept(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    yield from kept(file, cache_of("cpanm"))
    yield from kept(file, cache_of("cpan"), fills=_installs)


def _installs(command: Command) -> bool:
    if command.tool == "cpan":
        return bool(command.operands)
    return any((word.value or "").startswith("-MCPAN") for word in command.arguments)
