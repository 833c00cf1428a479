"""The catalogue of the transforms, made from their pages: ``python -m dslim.catalogue`` writes ``transforms/README.md`` and
``transforms/index.tsv`` of the checkout that it is called in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rewriter.rule import Phase, Transform
from transforms import index, loaded

_HEAD = """\
# The transforms

One file each, in the order in which they run. This page is generated (`make catalogue`); do not edit it.
The safety level is the lowest at which a transform proposes something; each finding carries its own.
"""
_PHASES = {
    Phase.STAGES: "splitting a stage, and what comes first in one",
    Phase.LAYERS: "joining instructions",
    Phase.MOVES: "from one instruction to another",
    Phase.COMMANDS: "inside a RUN",
    Phase.BASE: "FROM and what follows from it",
    Phase.TIDY: "what became needless",
}


def catalogue(transforms: Sequence[Transform]) -> str:
    """The catalogue as Markdown."""
    parts = [_HEAD]
    for phase in Phase:
        rows = [_row(each) for each in transforms if each.phase is phase]
        if rows:
            parts.append(f"## {phase.name.capitalize()}: {_PHASES[phase]}\n")
            parts.append("| name | what it does | safety | touches |\n|---|---|---|---|\n" + "".join(rows))
    if len(parts) == 1:
        parts.append("There is none yet.\n")
    return "\n".join(parts)


def _row(each: Transform) -> str:
    path = each.name.replace("-", "_") + ".py"
    summary = each.summary.replace("|", "\\|")
    return f"| [{each.name}]({path}) | {summary} | {each.safety.name.lower()} | {', '.join(sorted(each.touches))} |\n"


if __name__ == "__main__":
    Path("transforms/README.md").write_text(catalogue(loaded()), "utf-8")
    Path("transforms/index.tsv").write_text(index(loaded()), "utf-8")
