"""What must hold between a file before and after one transform. Each check gives a reason, or ""."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property

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


class Picture:
    """What the checks compare, taken from one file when it is first asked for."""

    def __init__(self, file: File) -> None:
        self.file = file

    @cached_property
    def stages(self) -> list[tuple[str, str]]:
        return [(stage.image, stage.name) for stage in self.file.stages]

    @cached_property
    def comments(self) -> Counter[str]:
        return comments(self.file.dockerfile)

    @cached_property
    def unread(self) -> int:
        return sum(run.form != "exec" and run.script is None for run in self.file.runs)

    @cached_property
    def words(self) -> Counter[tuple[int, str]]:
        return Counter((run.stage.index, word) for run in self.file.runs for word in run_words(run))


def difference(old: Picture, new: Picture, touches: frozenset[str], changes: Iterable[Change]) -> str:
    """Why the step from ``old`` to ``new`` must not be taken, or ""."""
    unknown = unknown_instruction(new.file.dockerfile)
    if unknown is not None:
        return f"{unknown.name[:40]!r} would be an instruction"
    if old.stages != new.stages and "FROM" not in touches:
        return "the stages would differ"
    if _untouched(old.file.dockerfile, touches) != _untouched(new.file.dockerfile, touches):
        return f"instructions other than {', '.join(sorted(touches))} would differ"
    lost = old.comments - new.comments
    if lost:
        return f"a comment would be lost: {next(iter(lost))[:60]}"
    if new.unread > old.unread:
        return "a RUN would no longer read as shell"
    return _words_differ(old, new, changes)


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


def _words_differ(old: Picture, new: Picture, changes: Iterable[Change]) -> str:
    """Every shell word is still there, in its stage, but for those that the findings name."""
    named: Counter[str] = Counter()
    for change in changes:
        named.update(change.adds)
        named.subtract(change.drops)
    found: Counter[str] = Counter()
    for key in old.words.keys() | new.words.keys():
        if old.words[key] != new.words[key]:
            found[key[1]] += new.words[key] - old.words[key]
    for word in found.keys() | named.keys():
        if found[word] != named[word]:
            return f"the shell word {word[:60]!r} would be {'added' if found[word] > named[word] else 'lost'}"
    return ""


def run_words(run: Run) -> Iterator[str]:
    """The shell words of one RUN; an exec form's own words; the bare words of one that cannot be read."""
    if run.form == "exec":
        return iter(run.instruction.args or ())
    if run.script is None:
        return iter(run.visible.text.split())
    return words(run.script.body, run.script.text)
