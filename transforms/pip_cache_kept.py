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
Stages that do not ship; a cache that is a mount; `PIP_NO_CACHE_DIR` in the environment, with any value (pip takes `0`
and `off` for yes as well); a RUN that deletes the cache itself; pip inside `sh -c "..."`; the pip 1.x of Ubuntu up to
15 and Debian up to 8, which keeps no cache and refuses the option; a pip that apt brought to an image of which the
release is not known.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rewriter.knowledge import images
from rewriter.knowledge.caches import cache_of
from rewriter.model import apt
from rewriter.model.caches import before, kept, renewed
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.leftovers import expanded
from rewriter.model.run import Run
from rewriter.rule import Ask, Decline, Finding, Phase, transform

#: Debian 8 and Ubuntu up to 15.10 have pip 1.5, which does not know the option
_FIRST_NEW: Final = "xenial"
_PACKAGES: Final = frozenset(("python-pip", "python3-pip"))


@transform(phase=Phase.COMMANDS, touches={"RUN"}, tools={"pip"}, hadolint={"DL3042"})
def pip_cache_kept(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    def older(run: Run, command: Command) -> str:
        image, earlier = run.stage.lineage[-1].image, before(run, command)
        old = images.older(image, _FIRST_NEW)
        if not old and (images.release(image) or not any(_installs_pip(one, run) for one in earlier)):
            return ""
        if renewed(image, earlier, cache_of("pip")) or any(map(_renews_pip, earlier)):
            return ""
        if old:
            return f"pip of {image} is older than --no-cache-dir: it would refuse it, and keeps no cache anyway"
        return f"pip comes from apt, and whether that of {image} is new enough to know --no-cache-dir is not known"

    return kept(file, cache_of("pip"), older=older)


def _installs_pip(command: Command, run: Run) -> bool:
    """True when the command installs the pip of the distribution, by name or in a variable."""
    if not apt.is_apt(command, "install"):
        return False
    asked = " ".join(expanded(name, run.state) for name in apt.asked_for(command))
    return not _PACKAGES.isdisjoint(asked.replace("=", " ").split())


def _renews_pip(command: Command) -> bool:
    """``pip install -U setuptools pip``, ``pip install pip==9.0.1``."""
    if not command.tool.startswith("pip") or command.subcommand != "install":
        return False
    names = [word.value or word.raw for word in command.operands]
    upgrades = command.has("-U", "--upgrade", "--force-reinstall", "-I", "--ignore-installed")
    return any(name.startswith(("pip=", "pip>", "pip<", "pip~")) or (upgrades and name == "pip") for name in names)
