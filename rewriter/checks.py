"""What must hold between a file before and after one transform. Each check gives a reason, or ""."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain

from rewriter import reorders, splits, stages
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.model.walk import words
from rewriter.rule import Change
from rewriter.syntax.dockerfile import KNOWN
from rewriter.syntax.nodes import Dockerfile, Instruction, Kind, Node, Trivia


def unknown_instruction(dockerfile: Dockerfile) -> Instruction | None:
    """The first instruction whose name BuildKit does not know. A lost continuation mark makes one of ``&& rm``."""
    for instruction in dockerfile.instructions:
        inner = instruction.trigger or instruction
        if instruction.name not in KNOWN or inner.name not in KNOWN:
            return instruction
    return None


def difference(old: File, new: File, touches: frozenset[str], changes: Iterable[Change]) -> str:
    """Why the step from ``old`` to ``new`` must not be taken, or ""."""
    unknown = unknown_instruction(new.dockerfile)
    if unknown is not None:
        return f"{unknown.name[:40]!r} would be an instruction"
    changes = list(changes)
    split = next((change.split for change in changes if change.split is not None), None)
    told = [change.stages for change in changes if change.stages is not None]
    if split is not None or told:
        why = splits.difference(old, new, split) if split is not None else stages.difference(old, new, told)
        if why:
            return why
    elif "FROM" not in touches and _stages(old) != _stages(new):
        return "the stages would differ"
    moves = [one for change in changes for one in change.reorders]
    why = reorders.difference(old, new, moves) if moves else ""
    if why:
        return why
    alike = _alike(old.dockerfile.nodes, new.dockerfile.nodes)
    before, after = old.dockerfile.nodes[alike:], new.dockerfile.nodes[alike:]
    if _untouched(old.source, before, touches) != _untouched(new.source, after, touches):
        return f"instructions other than {', '.join(sorted(touches))} would differ"
    had, has = comments(old.source, before), comments(new.source, after)
    if had != has and (lost := Counter(had) - Counter(has)):
        return f"a comment would be lost: {next(iter(lost))[:60]}"
    if _unread(new) > _unread(old):
        return "a RUN would no longer read as shell"
    return _words_differ(old, new, changes, stages.places(old, told) if told else range(len(new.stages)))


def _alike(old: Sequence[object], new: Sequence[object]) -> int:
    """How many first items are the very same objects in both: what the reader took over needs no comparison."""
    for at, (a, b) in enumerate(zip(old, new, strict=False)):
        if a is not b:
            return at
    return min(len(old), len(new))


def _stages(file: File) -> list[tuple[str, str]]:
    return [(stage.image, stage.name) for stage in file.stages]


def _unread(file: File) -> int:
    return sum([run.form != "exec" and run.script is None for run in file.runs])


def _untouched(source: str, nodes: Sequence[Node], touches: frozenset[str]) -> dict[str, list[tuple[str, ...]]]:
    """The instructions that must stay, each kind in its order."""
    kinds: dict[str, list[tuple[str, ...]]] = {}
    for one in nodes:
        if isinstance(one, Instruction) and one.name not in touches:
            flags = [f"{flag.name}={flag.value}" for flag in one.flags]
            documents = [document.content.of(source) for document in one.heredocs]
            kinds.setdefault(one.name, []).append((one.body.text, *flags, *documents))
    return kinds


def comments(source: str, nodes: Iterable[Node]) -> list[str]:
    """The texts of all comments, those inside continuations included."""
    found: list[str] = []
    for node in nodes:
        if isinstance(node, Trivia):
            if node.kind is not Kind.BLANK:
                found.append(node.span.of(source).strip())
        elif node.comments:
            found.extend([span.of(source).strip() for span in node.comments])
    return found


def _words_differ(old: File, new: File, changes: Sequence[Change], places: Sequence[int]) -> str:
    """Every shell word is still there, and in its stage, but for those that the findings name. ``places`` are the numbers that
    the stages had, where one went."""
    before, after = list(old.runs), list(new.runs)
    alike = _alike([run.instruction for run in before], [run.instruction for run in after])
    del before[:alike], after[:alike]
    while before and after and before[-1].script is not None and before[-1].script is after[-1].script:
        del before[-1], after[-1]
    were, are = _by_stage(before, range(len(old.stages))), _by_stage(after, places)
    for stage in were.keys() & are.keys():
        _drop_alike(were[stage], are[stage])
    if were == are and not any(change.adds or change.drops for change in changes):
        return ""  # the very same words in the same order, as joining leaves them
    named = _balance(
        chain.from_iterable(one.adds for one in changes), chain.from_iterable(one.drops for one in changes)
    )
    found: dict[str, int] = {}
    for stage in sorted(were.keys() | are.keys()):
        for word, count in sorted(_balance(are.get(stage, ()), were.get(stage, ())).items()):
            found[word] = found.get(word, 0) + count
            if word not in named:
                return f"the shell word {word[:60]!r} would be {'added to' if count > 0 else 'lost from'} a stage"
    for word in found.keys() | named.keys():
        count, said = found.get(word, 0), named.get(word, 0)
        if count != said:
            return f"the shell word {word[:60]!r} would be {'added' if count > said else 'lost'}"
    return ""


def _balance(added: Iterable[str], gone: Iterable[str]) -> dict[str, int]:
    """How many more of each word there are, or with a minus fewer; without those of which there are as many."""
    count: dict[str, int] = {}
    for word in added:
        count[word] = count.get(word, 0) + 1
    for word in gone:
        count[word] = count.get(word, 0) - 1
    return {word: more for word, more in count.items() if more}


def _drop_alike(one: list[str], other: list[str]) -> None:
    """Drop the words that two lists begin with alike, and those that they end with: nothing is lost or added there."""
    most = min(len(one), len(other))
    end = next((at for at in range(most) if one[-1 - at] != other[-1 - at]), most)
    del one[len(one) - end :], other[len(other) - end :]
    start = next((at for at in range(most - end) if one[at] != other[at]), most - end)
    del one[:start], other[:start]


def _by_stage(runs: Iterable[Run], places: Sequence[int]) -> dict[int, list[str]]:
    """The shell words of the RUNs of each stage, by the number that ``places`` gives it."""
    words: dict[int, list[str]] = {}
    for run in runs:
        words.setdefault(places[run.stage.index], []).extend(run_words(run))
    return words


def run_words(run: Run) -> Sequence[str]:
    """The shell words of one RUN; an exec form's own words; the bare words of one that cannot be read."""
    if run.form == "exec":
        return run.instruction.args or ()
    script = run.script
    if script is None:
        return run.visible.text.split()
    known = run.file.memory.words.get(script.text)
    if known is None:
        known = run.file.memory.words[script.text] = tuple(words(script.body, script.text))
    return known
