"""Delete a source tree in the RUN that built and installed it.

## What it does
Appends `rm -rf <tree>` to a RUN that cloned or unpacked a source tree outside of `/tmp`, built it and called
`make install`; after a `cd` out of it where the RUN ends inside.

## Why it saves
Sources and object files are often ten times what they install, and nobody builds again in the image.

## When it is safe
`make install` copied the result, nothing later in the file names the tree, and nothing of the RUN links into it. That a
program looks for its sources at run time cannot be excluded: REVIEW.

## What it leaves alone
Stages that do not ship; trees that are not installed by `make install` and its like; a clone of which `make install` is all
that is called, as of an application that stays where it is; a WORKDIR in the tree, a link, an editable install, a prefix,
a data directory or a search path into it; trees whose name is not known; a RUN that ends in an unknown place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rewriter.knowledge import filetools
from rewriter.model import effects, paths, source_trees
from rewriter.model.file import File
from rewriter.model.shipping import Unshipped
from rewriter.rule import Ask, Decline, Finding, Phase, Safety, transform

#: what puts the result of a build elsewhere, Python's setup.py aside
_BUILDERS: Final = frozenset(("make", "gmake", "ninja", "cmake"))


@transform(
    phase=Phase.COMMANDS,
    touches={"RUN"},
    safety=Safety.REVIEW,
    tools={"make", "gmake", "ninja", "cmake", "python", "python2", "python3"},
)
def source_tree_left(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    unshipped = Unshipped()
    for run in file.runs:
        if not any(tool in _BUILDERS or tool.startswith("python") for tool in run.tools):
            continue
        fetched = [tree for tree in source_trees.trees(effects.of(run)) if tree.installed is not None]
        for item in source_trees.trees_deleted(file, run, (tree for tree in fetched if not _temporary(tree))):
            if run.stage.ships:
                yield item
            else:
                yield from unshipped.once(run.stage, item.at)


def _temporary(tree: source_trees.Tree) -> bool:
    return any(paths.inside(tree.made.path, directory) for directory in filetools.TEMPORARY)
