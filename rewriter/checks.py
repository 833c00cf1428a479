"""What must hold between a file before and after one transform. Each check gives a reason, or ""."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.model.walk import words
from rewriter.rule import Change
from rewriter.syntax.dockerfile import KNOWN
from rewriter.syntax.nodes import Dockerfile, Instruction, Kind, Trivia


def unknown_instruction(dockerfile: Dockerfile) -> Instruction | None:
    """The first instruction whose name BuildKit does not know. A lost continuation mark makes one of ``&& rm``."""
    for instruction in dockerfile.instructions:
        inner = instruction.trigger or instruction
        if instruction.name not in KNOWN or inner.name not in KNOWN:
            return instruction
    return None


def difference(before: File, after: File, touches: frozenset[str], changes: Iterable[Change]) -> str:
    """Why the step from ``before`` to ``after`` must not be taken, or ""."""
    unknown = unknown_instruction(after.dockerfile)
    if unknown is not None:
        return f"{unknown.name[:40]!r} would be an instruction"
    if [(s.image, s.name) for s in before.stages] != [(s.image, s.name) for s in after.stages] and "FROM" not in touches:
        return "the stages would differ"
    if _untouched(before.dockerfile, touches) != _untouched(after.dockerfile, touches):
        return f"instructions other than {', '.join(sorted(touches))} would differ"
    lost = comments(before.dockerfile) - comments(after.dockerfile)
    if lost:
        return f"a comment would be lost: {next(iter(lost))[:60]}"
    if _unread(after) > _unread(before):
        return "a RUN would no longer read as shell"
    return _words_differ(before, after, list(changes))


def _untouched(dockerfile: Dockerfile, touches: frozenset[str]) -> dict[str, list[tuple[str, ...]]]:
    """The instructions that must stay, each kind in its order."""
    kinds: dict[str, list[tuple[str, ...]]] = {}
    for one in dockerfile.instructions:
        if one.name not in touches:
            flags = (f"{flag.name}={flag.value}" for flag in one.flags)
            documents = (document.content.of(dockerfile.source) for document in one.heredocs)
            kinds.setdefault(one.name, []).append((one.body.text, *flags, *documents))
    return kinds


def comments(dockerfile: Dockerfile) -> Counter[str]:
    """The texts of all comments, those inside continuations included."""
    source = dockerfile.source
    found: Counter[str] = Counter()
    for node in dockerfile.nodes:
        if isinstance(node, Trivia):
            if node.kind is not Kind.BLANK:
                found[node.span.of(source).strip()] += 1
        else:
            found.update(span.of(source).strip() for span in node.comments)
    return found


def _unread(file: File) -> int:
    return sum(run.form != "exec" and run.script is None for run in file.runs)


def _words_differ(before: File, after: File, changes: list[Change]) -> str:
    """Every shell word is still there but for those that the findings name."""
    old: Counter[str] = Counter()
    new: Counter[str] = Counter()
    for stage in before.stages:
        old.update(f"{stage.index} {word}" for word in _words(before, stage.index))
    for stage in after.stages:
        new.update(f"{stage.index} {word}" for word in _words(after, stage.index))
    named: Counter[str] = Counter()
    unnamed: Counter[str] = Counter()
    for change in changes:
        named.update(change.adds)
        named.subtract(change.drops)
    for key in (old | new).keys():
        if old[key] != new[key]:
            unnamed[key.split(" ", 1)[1]] += new[key] - old[key]
    for word in unnamed.keys() | named.keys():
        if unnamed[word] != named[word]:
            more = unnamed[word] > named[word]
            return f"the shell word {word[:60]!r} would be {'added' if more else 'lost'}"
    return ""


def _words(file: File, stage: int) -> Iterator[str]:
    for run in file.runs:
        if run.stage.index == stage:
            yield from run_words(run)


def run_words(run: Run) -> Iterator[str]:
    """The shell words of one RUN; an exec form's own words; the bare words of one that cannot be read."""
    if run.form == "exec":
        return iter(run.instruction.args or ())
    if run.script is None:
        return iter(run.visible.text.split())
    return words(run.script.body, run.script.text)
