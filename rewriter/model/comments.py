"""What the comments above a RUN speak of: of the whole of it, of its first command alone, or of what follows it as well."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from rewriter.model.command import Command
from rewriter.model.file import File, Step, commented_out
from rewriter.model.run import Run
from rewriter.syntax.nodes import Kind, Trivia

#: what comments that speak to a tool about the instruction below them contain
_PRAGMAS: Final = (
    "hadolint",
    "dslim:",
    "checkov:",
    "shellcheck ",
    "trivy:",
    "kics-scan",
    "nosemgrep",
    "semgrep:",
    "snyk:",
)
#: comment lines; a longer block is a text of its own, or code that waits to be used again
_FEW: Final = 6
#: characters; a comment of one character again and again that is shorter is no line across the page
_RULE: Final = 6
#: one with words in it
_LONG_LINE: Final = re.compile(r"([^\w\s])\1{7}")
#: instructions that a RUN in front of them makes a directory for
_PLACED: Final = frozenset({"COPY", "ADD", "WORKDIR", "VOLUME"})
#: how comments begin that speak of a COPY or an ADD, and those that speak of a mkdir
_COPYING: Final = frozenset("copy copies copying".split())
_MAKING: Final = frozenset("create creates creating make makes making mkdir".split())
#: words of comments that speak of the sources as a whole, and of what is fetched for them
_SOURCES: Final = _COPYING | frozenset(
    "add adds adding source sources code content contents rest everything files app application bundle project".split()
)
_FETCHED: Final = ("install", "depend", "require", "package", "modules", "gem", "lib", "workdir", "working directory")


def against_joining(run: Run) -> str:
    """Why the comments above ``run`` do not belong inside a continuation, or ""."""
    source = run.file.source
    line = run.file.line(run.instruction.keyword.start)
    trivia = run.file.trivia_before(run.instruction)
    comments = [node.span.of(source).strip() for node in trivia if node.kind is Kind.COMMENT]
    for comment in comments:
        if any(pragma in comment.lower() for pragma in _PRAGMAS):
            return f"the comment above line {line} tells a tool about this very instruction"
        if commented_out(comment):
            return f"an instruction that is commented out stands above line {line}"
    if len(comments) > _FEW:
        return f"{len(comments)} lines of comment stand above line {line}"
    return ""


def headed(runs: Sequence[Run]) -> int:
    """The index of the first RUN behind the first one that begins a section of the file: a line such as ``# =====`` stands
    above it. 0 when there is none."""
    return next((at for at, run in enumerate(runs) if at and _heading(run)), 0)


def _heading(run: Run) -> bool:
    """True for ``# =====`` and ``########## PHP ##########``."""
    source = run.file.source
    for node in run.file.trivia_before(run.instruction):
        text = node.span.of(source).strip() if node.kind is Kind.COMMENT else ""
        if len(text) >= _RULE and len({*text} - {"#", " "}) < 2 and not text[-1].isalnum():
            return True
        if _LONG_LINE.search(text):
            return True
    return False


def of_what_follows(file: File, run: Run) -> tuple[Trivia, ...]:
    """The comments above a RUN that head the instruction right below it: one that copies, as they say, or one that needs the
    directory that the RUN makes and does nothing else."""
    above = file.comments_above(run.instruction)
    following = next((step for step in run.stage.steps if step.index > run.index), None) if above else None
    if following is None or following.name not in _PLACED or file.trivia_before(following.instruction):
        return ()
    first = above[0].span.of(file.source).lstrip("# \t").partition(" ")[0].strip().lower()
    copies = following.name in ("COPY", "ADD") and first in _COPYING and "cp" not in run.tools
    makes_way = run.tools == {"mkdir"} and first not in _MAKING
    return above if copies or makes_way else ()


def of_first_command(file: File, run: Run, command: Command) -> tuple[Trivia, ...]:
    """The comments above a RUN whose first command, or first ``( )``, is ``command``: where the next one has comments of
    its own, they speak of the first alone."""
    assert run.script is not None
    pipelines = run.script.body.statements[0].list.pipelines
    if len(pipelines) < 2 or not pipelines[0].start <= command.start < pipelines[0].end:
        return ()
    end, begin = (run.visible.source(at) for at in (pipelines[0].end, pipelines[1].start))
    if not any(end <= comment.start < begin for comment in run.instruction.comments):
        return ()
    return that_move(file, run)


def that_move(file: File, run: Run) -> tuple[Trivia, ...]:
    """The comments above a RUN that go where it goes: neither instructions that are turned off, nor what stands above those."""
    above = file.comments_above(run.instruction)
    off = [index for index, comment in enumerate(above) if commented_out(comment.span.of(file.source))]
    return above[off[-1] + 1 :] if off else above


def of_the_sources(file: File, step: Step) -> tuple[Trivia, ...]:
    """The comments above a COPY that go where it goes, when files of its take its place: they speak of all that it copies, or to
    a tool about it."""
    above = file.comments_above(step.instruction)
    text = " ".join([node.span.of(file.source).strip("# \t\r\n") for node in above]).lower()
    speaks = not _SOURCES.isdisjoint(text.split()) and not any(word in text for word in _FETCHED)
    off = any(commented_out(node.span.of(file.source)) for node in above)
    return above if (speaks or any(pragma in text for pragma in _PRAGMAS)) and not off and len(above) <= _FEW else ()
