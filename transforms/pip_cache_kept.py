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

from rewriter.knowledge import images
from rewriter.knowledge.caches import cache_of
from rewriter.model import apt
from rewriter.model.caches import kept, oldest
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.rule import Ask, Decline, Finding, Phase, transform

#: what brings a newer pip than that of the distribution
_RENEWED = ("get-pip", "-U pip", "--upgrade pip", "easy_install", "conda", "pyenv")


@transform(phase=Phase.COMMANDS, touches={"RUN"}, tools={"pip"}, hadolint={"DL3042"})
def pip_cache_kept(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    def against(run: Run) -> str:
        image = oldest(run.stage).image
        if not _from_apt(file) or images.newer(image, "jessie") or any(text in file.source for text in _RENEWED):
            return ""
        if images.release(image):
            return f"pip of {image} is older than --no-cache-dir and would refuse it"
        return f"pip comes from apt, and whether that of {image} is new enough to know --no-cache-dir is not known"

    return kept(file, cache_of("pip"), against=against)


def _from_apt(file: File) -> bool:
    """True when the file installs the distribution's pip."""
    commands = (command for run in file.runs for command in run.commands if apt.is_apt(command, "install"))
    return any(word.value in ("python-pip", "python3-pip") for command in commands for word in command.operands)
