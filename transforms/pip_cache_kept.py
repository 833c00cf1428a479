"""Keep pip's download cache out of the layer.

## What it does
Adds `--no-cache-dir` to `pip install`, `pip download` and `pip wheel`, also for `pip3`, `python -m pip` and behind
`sudo`.

## Why it saves
pip keeps each package that it downloads, and each wheel that it builds, below `~/.cache/pip`. In an image nobody
installs a second time, so the cache is a second copy of everything.

## When it is safe
Always since pip 6.0, which brought the option: it changes what is kept beside the installation, not what is
installed.

## What it leaves alone
Stages that do not ship; a cache that is a mount; `PIP_NO_CACHE_DIR` in the environment, with any value (pip takes
`0` and `off` for yes as well); a RUN that deletes the cache itself; pip inside `sh -c "..."`; the pip 1.x of Ubuntu
up to 15 and Debian up to 8, which keeps no cache and refuses the option.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.knowledge.caches import cache_of
from rewriter.model.caches import kept
from rewriter.model.file import File
from rewriter.rule import Ask, Decline, Finding, Phase, transform


@transform(phase=Phase.COMMANDS, touches={"RUN"}, tools={"pip"}, hadolint={"DL3042"})
def pip_cache_kept(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    return kept(file, cache_of("pip"))
