"""Lines of a RUN that take headers away after a build: they are marked automatic for apt, and what is automatic is removed.

On another base they have nothing to do. Sources: apt-mark(8), apt-get(8).
"""

from __future__ import annotations

from typing import Final

from rewriter.model.command import Command
from rewriter.model.run import Run
from rewriter.model.walk import in_a_row
from rewriter.syntax.script import Pipeline, Simple

_SHOWS: Final = frozenset(("showmanual", "showauto"))
_MARKS: Final = frozenset(("auto", "manual"))


def taking_away(run: Run) -> list[Pipeline]:
    """The pipelines that mark packages which ``apt-mark`` shows, and the ``apt-get autoremove`` that goes with them; none where
    an ``||`` or a job in the background stands beside them."""
    if "apt-mark" not in run.tools or run.script is None:
        return []
    found: list[Pipeline] = []
    for pipeline in in_a_row(run.script.body):
        if _marks(pipeline) or (found and _removes(pipeline)):
            found.append(pipeline)
    return found


def belongs(command: Command, lines: list[Pipeline]) -> bool:
    """True for a command of one of these pipelines."""
    return any(command.simple is simple for line in lines for simple in line.commands)


def _marks(pipeline: Pipeline) -> bool:
    """``apt-mark showmanual | grep 'lib.*-dev$' | xargs -r apt-mark auto``."""
    if len(pipeline.commands) < 2:
        return False
    shown, *between, marked = [_words(one) if isinstance(one, Simple) else () for one in pipeline.commands]
    return (
        len(shown) == 2
        and shown[0] == "apt-mark"
        and shown[1] in _SHOWS
        and all(words[:1] == ("grep",) for words in between)
        and marked[:1] == ("xargs",)
        and marked[-2:-1] == ("apt-mark",)
        and marked[-1] in _MARKS
        and all(word.startswith("-") for word in marked[1:-2])
    )


def _removes(pipeline: Pipeline) -> bool:
    command = pipeline.commands[0]
    words = _words(command) if isinstance(command, Simple) and len(pipeline.commands) == 1 else ()
    return words[:2] == ("apt-get", "autoremove") and all(word.startswith("-") for word in words[2:])


def _words(simple: Simple) -> tuple[str, ...]:
    return tuple(word.value or word.raw for word in simple.words)
