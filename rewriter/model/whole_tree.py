"""A COPY --from that brings a folder of sources, where the image starts one file of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from rewriter import posixpath
from rewriter.knowledge import languages
from rewriter.model import paths, split_purpose, split_stage, split_start, stage_links, tree_built, tree_read
from rewriter.model.copied import Copied, copied
from rewriter.model.file import File, Step
from rewriter.model.split_stage import Against, Shipped
from rewriter.model.tree_built import Build
from rewriter.rule import Ask, Change, Decline, Finding, Safety
from rewriter.syntax import words
from rewriter.text import Edit

_PLAIN: Final = re.compile(r"[\w./@%+:,${}-]+", re.ASCII)
_FLAGS: Final = frozenset(("from", "chown", "chmod", "link"))
_SHELLS: Final = frozenset("sh bash ash dash".split())


class Tree(NamedTuple):
    """``copy`` brings ``folder`` of the stage ``origin``, in which ``build`` works among sources."""

    copy: Copied
    folder: str
    origin: Shipped
    build: Build


class Started(NamedTuple):
    """What a container starts: the ``path`` of the file, and the words around it."""

    step: Step
    path: str
    words: list[str]


def proposals(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    """One for each such COPY of what ships."""
    last = split_stage.whole(file)
    for step in last.steps:
        tree = _tree(file, step, ask)
        if tree is None:
            continue
        try:
            yield _proposal(tree, last, ask)
        except Against as against:
            yield Decline(step.span, f"it copies the whole of {tree.folder}: {against.why}")


def _tree(file: File, step: Step, ask: Ask) -> Tree | None:
    """The tree that a COPY brings, or None: where no build works in what it brings."""
    link = next(stage_links.links(step), None) if step.name == "COPY" else None
    stages = [] if link is None else stage_links.meant(file, link)
    if len(stages) != 1:
        return None
    copy, origin = copied(file, step, ask), tree_built.origin(file, stages[0])
    for source in copy.sources if copy.target not in languages.names("every", "programs") else ():
        folder = posixpath.normpath("/" + source.lstrip("/"))
        found = [one for one in tree_built.builds(origin) if one.fills(folder)]
        if found:
            return Tree(copy, folder, origin, found[-1])
    return None


def _proposal(tree: Tree, last: Shipped, ask: Ask) -> Finding:
    """The copy of the one file.

    Raises:
        Against: something speaks against it, or is not known.
    """
    copy, folder, line = tree.copy, tree.folder, last.file.line
    if tree.build.language == "dotnet":
        raise Against(
            copy.step,
            "dotnet writes what a program needs among its sources: give -o a folder of its own, and copy that",
        )
    begun = _started(last)
    target = copy.target
    if not target or "$" in target:
        raise Against(copy.step, "where it copies to is not known")
    if posixpath.normpath(target) == folder:
        raise Against(
            copy.step,
            "it keeps its place, so that a program finds there by whole paths what it found before: somebody who knows that "
            "none is opened may copy the program alone",
        )
    if not paths.inside(begun.path, target) or begun.path == target:
        raise Against(begun.step, f"the image starts {begun.path}, which is not in it")
    why = tree_read.elsewhere(last, copy, begun.path)
    if why:
        raise Against(copy.step, why)
    inside = begun.path[len(target.rstrip("/")) + 1 :]
    source = posixpath.join(folder, inside)
    brings = tree_read.brings(tree.origin, tree.build, ask)
    fact = tree_built.made(tree.origin, tree.build, source, brings.sources)
    if not fact.known:
        raise Against(copy.step, f"{fact.why}. Copy {inside} alone where it needs nothing else")
    other = next((one for one in fact.others if paths.inside(one, folder)), "")
    if other:
        raise Against(copy.step, f"{other} is built there as well, and somebody may call it")
    named = tree_read.handed(begun.words, target)
    if named:
        raise Against(begun.step, f"{named} may be a file of it, which the program is told to read")
    beside = tree_read.among_sources(tree.origin, folder, source, fact, brings)
    if beside:
        raise Against(copy.step, beside)
    asks = list(fact.asks)
    if beside is None:
        asks.append(
            f"does {begun.path} read files of {target} when it runs (templates, static files, settings), or write into folders "
            "that lie there? It alone is there then"
        )
    if tree.build.language == "java":
        asks.append(
            f"does {posixpath.basename(source)} hold its libraries (Spring Boot, shade, assembly)? What lies beside it stays"
        )
    asks += tree_read.around(ask, target, begun.path)
    because = (
        f"{fact.why}, and line {line(begun.step.span.start)} starts it",
        f"line {line(tree.build.run.span.start)} works in {folder}: its sources, or what it makes on the way, come along",
        *(f"to confirm: {question}" for question in asks),
    )
    return Finding(
        copy.step.span,
        f"Copy {inside} alone, not the whole of {folder}",
        _change(last.file, tree, inside),
        Safety.SHOW,
        because,
    )


def _started(last: Shipped) -> Started:
    """The one file that a container starts.

    Raises:
        Against: it is not one, or is not known.
    """
    step, commands = split_purpose.started(last)
    commands = [one for one in commands if one.tool not in languages.names("every", "inits")]
    if len(commands) != 1:
        raise Against(step, "it starts a shell script of several commands")
    command = commands[0]
    given = list(command.simple.words[command.head :])
    if command.tool in _SHELLS:
        raise Against(step, "what its script starts is not followed")
    if command.tool == "java":
        behind = next((at for at, word in enumerate(given) if word.raw == "-jar"), len(given))
        at = next((at for at in range(behind + 1, len(given)) if not given[at].raw.startswith("-")), 0)
        if at == 0:
            raise Against(step, "it starts java with classes, which may lie anywhere in it")
        word, others = given[at], [*given[1:at], *given[at + 1 :]]
    else:
        word, others = given[0], given[1:]
    name = paths.symbolic(word, last.end)
    if name is None or "$" in name or (command.tool != "java" and "/" not in name):
        raise Against(step, f"where {word.raw} lies is not known")
    path = split_start.resolved(name if "/" in name else f"./{name}", last)
    return Started(step, path, [one.value or one.raw for one in others])


def _change(file: File, tree: Tree, inside: str) -> Change:
    """The edits of source and target.

    Raises:
        Against: they are not written so that one can be edited.
    """
    copy, instruction = tree.copy, tree.copy.step.instruction
    parts = words.split(instruction.body.text, file.escape)
    strange = next((flag.name for flag in instruction.flags if flag.name not in _FLAGS), "")
    if (
        strange
        or instruction.args is not None
        or len(parts) != 2
        or not all(_PLAIN.fullmatch(one.raw) for one in parts)
    ):
        raise Against(copy.step, f"its {f'--{strange}' if strange else 'paths'} cannot be written anew")
    below = posixpath.dirname(inside)
    into = parts[1].raw.rstrip("/") + "/" + (f"{below}/" if below else "")
    source = parts[0].raw.removesuffix("/.").rstrip("/") + "/" + inside
    body = instruction.body
    edits = [Edit.replace(body.span(parts[0].start, parts[0].end), source)]
    if into not in (parts[1].raw, "./") or parts[1].raw not in (".", "./"):
        edits.append(Edit.replace(body.span(parts[1].start, parts[1].end), into))
    return Change(tuple(edits))
