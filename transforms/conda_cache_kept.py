"""Clean conda's package cache in the layer that filled it.

## What it does
Appends `conda clean --all --yes` to a RUN that calls `conda install`, `conda create`, `conda env create` and the
like, and the same for `mamba` and `micromamba`, written as the author wrote the tool.

## Why it saves
conda keeps the archive of each package beside its unpacked files, and the index of each channel. The unpacked files
are hard links of what an environment uses and are stored once; the archives and the index are not used again.

## When it is safe
`--all` deletes archives, index, logs, and unpacked packages that no environment has a link to. `--force-pkgs-dirs`,
which would delete linked ones as well, is not used: it saves next to nothing and breaks environments made of
symbolic links. What is gone is downloaded again when it is installed again, so a later call with `--offline` or
`--clone` stands against it.

## What it leaves alone
Stages that do not ship; a cache that is a mount; a RUN that cleans it itself, deletes a `pkgs` directory or the
whole of conda; conda that is called under a condition or in a quoted script, and might not be found at the end of
the RUN.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rewriter.knowledge.caches import cache_of
from rewriter.model.caches import kept
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.rule import Ask, Decline, Finding, Phase, transform

TOOLS: Final = ("conda", "mamba", "micromamba")


@transform(phase=Phase.COMMANDS, touches={"RUN"}, tools=set(TOOLS))
def conda_cache_kept(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    def against(run: Run) -> str:
        for later in file.later_runs(run):
            if any(command.has("--offline", "--clone", "--use-index-cache") for command in later.uses(*TOOLS)):
                return f"line {file.line(later.span.start)} installs from this cache"
        if any(_deletes_conda(command) for command in run.commands):
            return "the RUN deletes conda itself"
        return ""

    for row in ("conda", "micromamba"):
        yield from kept(file, cache_of(row), against=against)


def _deletes_conda(command: Command) -> bool:
    """``rm -rf /opt/conda``, but not ``rm miniconda.sh``."""
    names = [word.raw.rstrip("/*").rpartition("/")[2] for word in command.operands]
    return command.tool == "rm" and any("conda" in name and not name.endswith(".sh") for name in names)
