"""Delete files in the RUN that made them, not in a later one.

## What it does
Moves an `rm` from a later RUN to the end of the RUN that made the files, with its comments. Of an `rm` with several
operands it moves those that it can argue for.

## Why it saves
A layer is never changed again: a later `rm` hides the file and keeps its bytes in the image.

## When it is safe
When one RUN downloaded, unpacked or wrote the file and used it, and nothing between it and the `rm` reads it or makes
it again. The final file system is the same: SAFE. When a program in between cannot be seen through, or an instruction
copies into the same directory: REVIEW.

## What it leaves alone
RUNs that `consecutive-runs` joins: at their end an `rm` is as good as in their middle. Stages that do not ship; files that
the base image, a package, a COPY or an ADD brought (folding cannot take these out); files that nothing used yet or that
programs find without naming them; patterns that match files of several origins; an `rm` whose variables, user or directory
mean something else at the earlier place.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.model import cleanup, style
from rewriter.model.caches import span_of
from rewriter.model.file import File
from rewriter.model.shipping import Unshipped
from rewriter.rule import Ask, Change, Decline, Finding, Phase, Safety, transform


@transform(phase=Phase.MOVES, touches={"RUN"}, tools={"rm"})
def cleanup_in_later_layer(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    unshipped = Unshipped()
    for run in file.runs:
        if "rm" not in run.tools or not cleanup.has_layers_below(run):
            continue
        for command in run.uses("rm"):
            moves: dict[int, list[cleanup.Move]] = {}
            for word in command.operands:
                found = cleanup.origin(file, run, command, word)
                if found is None:
                    continue
                if not run.stage.ships:
                    yield from unshipped.once(run.stage, span_of(run, command))
                elif isinstance(found, str):
                    yield Decline(span_of(run, command), found)
                else:
                    moves.setdefault(found.to.index, []).append(found)
            if moves:
                # one place at a time: what is left is found again
                yield _moved(file, moves[max(moves)])


def _moved(file: File, moves: list[cleanup.Move]) -> Finding | Decline:
    first = moves[0]
    at = span_of(first.run, first.command)
    names = " ".join(move.shown for move in moves)
    taken = cleanup.take(file, first.run, first.command, [move.word for move in moves])
    if isinstance(taken, style.Refusal):
        return Decline(at, f"{names} stays in the layer below: {taken.why}")
    removal, comments = taken
    text = cleanup.call(first.command, [move.text for move in moves])
    added = style.append(first.to, text, comments)
    if not isinstance(added, Change):
        return Decline(at, f"{names} stays in the layer below: {added.why}")
    unseen = tuple(dict.fromkeys(fact for move in moves for fact in move.unseen))
    came = dict.fromkeys(f"line {move.line} {move.did} {move.shown}" for move in moves)
    older = dict.fromkeys(move.older for move in moves if move.older)
    because = (*came, "nothing between reads it or makes it again", *older, *unseen)
    safety = Safety.REVIEW if unseen else Safety.SAFE
    title = f"Delete {names} in the layer that {first.did} {'them' if len(moves) > 1 else 'it'}"
    return Finding(at, title, removal + added, safety, because)
