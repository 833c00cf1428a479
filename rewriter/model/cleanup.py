"""An ``rm`` in a later layer: where its files come from, and how to take it out of its RUN."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from rewriter import posixpath
from rewriter.knowledge import filetools
from rewriter.model import download, effects, leftovers, paths, style
from rewriter.model.caches import span_of
from rewriter.model.command import Command
from rewriter.model.comments import of_first_command, that_move
from rewriter.model.effects import Effect, Effects, Made
from rewriter.model.file import File, Step
from rewriter.model.run import Run
from rewriter.rule import Change
from rewriter.syntax.script import Word
from rewriter.text import Edit, Span

#: what package managers fill: other transforms keep it out of the layer that fills it
_CACHES: Final = (
    "/var/lib/apt",
    "/var/cache",
    "/root/.cache",
    "/root/.npm",
    "/usr/share/doc",
    "/usr/share/man",
    "/var/log",
)
_COPIES: Final = ("COPY", "ADD")
_REACH: Final = 300


class Rm(NamedTuple):
    """One operand of an ``rm``: the path, the directory in which the ``rm`` runs, and where its files come from:
    ``line 7 made``, or ``line 7 filled`` where the path was there before."""

    run: Run
    command: Command
    word: Word
    path: str
    cwd: str | None
    line: int
    did: str


class Move(NamedTuple):
    """One operand ``word`` of an ``rm`` of ``run`` that belongs to the end of RUN ``to``, written ``text`` there. What RUN
    ``to`` ``did`` to it, in which line; ``older`` says what stays all the same."""

    run: Run
    command: Command
    word: Word
    to: Run
    text: str
    shown: str
    line: int
    did: str
    older: str
    unseen: tuple[str, ...]


def origin(file: File, run: Run, command: Command, word: Word) -> Move | str | None:
    """Where an operand's files were made, why the ``rm`` must stay, or None when it is no smell."""
    own = effects.of(run)
    effect = next((one for one in own.each if one.command.simple is command.simple), None)
    path = _path(run, command, word, effect)
    if effect is None or path is None or path == "/" or any(paths.inside(path, cache) for cache in _CACHES):
        return None
    if not _concrete(path) or run.mounted(path):
        return None
    before = [one for one in own.each if one.command.start < command.start]
    if any(_makes(made, path) for one in before for made in one.makes):
        return None
    name = leftovers.shown(path)
    between: list[Step] = []
    for step in _before(run):
        if step.name in _COPIES and _brings(step, path):
            unpacked = download.unpacking(file, step.index, run.stage.index, path) is not None
            line = file.line(step.instruction.keyword.start)
            return None if unpacked else _copied(step, line, name)  # archive-added-from-url speaks of that
        other = file.run_at.get(step.index)
        if other is not None:
            found = effects.of(other)
            makers = [made for made in found.makes if _makes(made, path) and not found.local(made.path)]
            bytes_made = [made for made in makers if made.kind != "directory"]
            if bytes_made and other.mounted(bytes_made[-1].path):
                return None
            if bytes_made:
                if all(leftovers.gone(found, made) for made in bytes_made):
                    return None
                if word.pattern and _several_origins(run, other.index, path, found):
                    return f"{name} may match files of several origins"
                line = file.line(span_of(other, bytes_made[-1].command).start)
                did = "made" if any(_is_it(made, path) for made in makers) else "filled"
                if path[0] == "/" and not word.raw.startswith(("/", "$", '"$')) and bytes_made[-1].path[0] == ".":
                    return f"whether line {line} made {name} in this directory hangs on the one of the base image"
                judged = _judge(file, Rm(run, command, word, path, effect.cwd, line, did), other, bytes_made, between)
                return judged if isinstance(judged, str) else _needed(other, found, bytes_made, line, name) or judged
        between.append(step)
    return None


def has_layers_below(run: Run) -> bool:
    """True when an instruction of the stage in front of the RUN may have made files."""
    return any(step.name == "RUN" or step.name in _COPIES for step in run.stage.steps if step.index < run.index)


def _before(run: Run) -> Iterator[Step]:
    """The instructions of the stage in front of the RUN, nearest first; a few hundred: time stays linear."""
    steps = run.stage.steps
    first = steps[0].index
    for at in range(run.index - first - 1, max(run.index - first - 1 - _REACH, 0) - 1, -1):
        yield steps[at]


def _path(run: Run, command: Command, word: Word, effect: Effect | None) -> str | None:
    text = paths.symbolic(word, run.state)
    if text is None or effect is None or effects.of(run).local(text) or "{" in text.replace("${", ""):
        return None
    return effects.join(effect.cwd, text)


def _concrete(path: str) -> bool:
    """False for the whole content of a shared directory such as ``/tmp/*``."""
    return posixpath.basename(path) not in ("*", ".*", "") and path not in ("/tmp", "/var/tmp", ".")


def _is_it(made: Made, path: str) -> bool:
    """True for the path itself, not for something that is put into it."""
    return made.kind != "below" and effects.same(path, made.path)


def _makes(made: Made, path: str) -> bool:
    """True when deleting ``path`` deletes what was made."""
    if made.kind == "below":
        return paths.inside(made.path, path)
    return leftovers.deletes(path, made.path)


def _brings(step: Step, path: str) -> bool:
    """True when a COPY or ADD writes ``path`` or something in it, as far as its words tell."""
    words = step.instruction.words
    if len(words) < 2:
        return False
    target = words[-1].strip("\"'")
    start = step.state.workdir or "."
    place = effects.join(start, target) or target
    names = [posixpath.basename(source.rstrip("/")) for source in words[:-1]]
    if effects.same(path, place.rstrip("/")) or paths.inside(place, path):
        return True
    return any(name and effects.same(path, place.rstrip("/") + "/" + name) for name in names)


def _copied(step: Step, line: int, name: str) -> str:
    if "://" in step.instruction.body.text:
        return f"line {line} added {name} in a layer of its own; a download in the RUN that uses it would save that"
    return (
        f"line {line} copied {name} in a layer of its own, which no rm takes out; "
        "RUN --mount=type=bind would use it without a copy, .dockerignore would keep it out"
    )


def _several_origins(run: Run, index: int, path: str, maker: Effects) -> bool:
    """True when a pattern may match what instruction ``index`` does not make, or makes under unknown names."""
    directory = posixpath.dirname(path)
    unnamed = not path.endswith(filetools.ARCHIVES)
    if unnamed and any(made.kind == "below" and made.path == directory for made in maker.makes):
        return True
    for step in run.stage.steps:
        if step.index >= run.index or step.index == index:
            continue
        if step.name in _COPIES and _same_place(step, path):
            return True
    others = [other for other in run.file.runs if other.stage is run.stage and index != other.index < run.index]
    return any(_makes(made, path) for other in others for made in effects.of(other).makes)


def _needed(run: Run, found: Effects, made: Sequence[Made], line: int, name: str) -> str:
    """Why the files may be wanted in the layers up to the ``rm``, though nothing there names them, or ""."""
    for one in made:
        temporary = any(paths.inside(one.path, directory) for directory in filetools.TEMPORARY)
        packed = one.path.endswith(filetools.PACKED) and posixpath.dirname(one.path) in filetools.PROGRAM_DIRECTORIES
        if not packed and any(paths.inside(one.path, directory) for directory in filetools.SYSTEM_DIRECTORIES):
            return f"{name} lies where programs look for files without naming them"
        if not (one.download or temporary or one.kind == "below"):
            return f"line {line} wrote {name} itself; whether a program in between depends on it cannot be seen"
        if one.kind == "file" and leftovers.last_use(found, one, run).command is one.command:
            return f"nothing in line {line} uses {name}, so what needs it before it is deleted cannot be seen"
    return ""


def _judge(file: File, rm: Rm, to: Run, made: Sequence[Made], between: Sequence[Step]) -> Move | str:
    name, came = leftovers.shown(rm.path), f"line {rm.line} {rm.did}"
    every = (rm.path, *(one.path for one in made if one.kind != "below"))
    unseen: list[str] = []
    for step in reversed(between):
        at = file.line(step.instruction.keyword.start)
        if step.name == "VOLUME":
            return f"line {at} declares a volume between line {rm.line}, which {rm.did} {name}, and its rm"
        if step.name == "WORKDIR" and any(_enters(step, path) for path in every):
            return f"line {at} makes {name} again"
        other = file.run_at.get(step.index)
        if other is not None:
            named = any(leftovers.uses(step, other, path) for path in every)
            if other.script is None or named or _reads(other, rm.path):
                return f"line {at} may read {name}, which {came}: joined with it the rm could move"
            unseen += _program(effects.of(other).each, at)
        if step.name in _COPIES and _same_place(step, rm.path):
            unseen.append(f"line {at} copies into the same directory and is taken not to bring it")
    for effect in effects.of(rm.run).each:
        if effect.command.start >= rm.command.start:
            break
        text = " ".join(word.raw for word in effect.command.simple.words)
        named = any(leftovers.touches(effect, path) or effects.mentions(text, path) for path in every)
        if named or _matches(effect, rm.path):
            tool = effect.command.tool or "a command"
            return f"{tool} in front of this rm may read {name}, which {came}"
        unseen += _program((effect,), file.line(rm.run.instruction.keyword.start))
    why, text = _rewritten(rm, to, name)
    older = _older(file, rm, to) if rm.did == "filled" else ""
    return why or Move(rm.run, rm.command, rm.word, to, text, name, rm.line, rm.did, older, tuple(unseen[:1]))


def _older(file: File, rm: Rm, to: Run) -> str:
    """What an instruction in front of RUN ``to`` put there, which no ``rm`` takes out, or ""."""
    for step in _before(to):
        other = file.run_at.get(step.index)
        made = [one for one in effects.of(other).makes if _makes(one, rm.path)] if other is not None else []
        if any(one.kind != "directory" for one in made) or (step.name in _COPIES and _brings(step, rm.path)):
            line = file.line(step.instruction.keyword.start)
            return f"what line {line} put into {leftovers.shown(rm.path)} stays in its layer"
    return ""


def _rewritten(rm: Rm, to: Run, name: str) -> tuple[str, str]:
    """Why the operand means something else at the end of ``to``, or ""; and how to write it there."""
    then, now = to.state.environment, rm.run.state.environment
    if any(then.get(variable) != now.get(variable) for variable in rm.word.parameters):
        return f"a variable in {rm.word.raw} has another value in line {rm.line}, which {rm.did} {name}", ""
    if to.state.user != rm.run.state.user and not to.state.root:
        return f"another user {rm.did} {name} in line {rm.line}, who may not be allowed to delete it", ""
    found = effects.of(to)
    end = found.end
    if end is not None and paths.inside(end, rm.path):
        return f"the RUN of line {rm.line} ends inside {name}", ""
    text = leftovers.written(rm.word.raw, rm.path, rm.cwd, end, found.last)
    if rm.word.pattern and text is not None and text != rm.word.raw:
        plain = rm.path.startswith("/") and set(rm.path).isdisjoint(" $'\"\\&;()<>|`!#{}")
        text = rm.path if plain else None
    if text is None:
        return (
            f"how to name {name} at the end of the RUN of line {rm.line} is not known: an absolute path would be needed",
            "",
        )
    return "", text


def _reads(run: Run, pattern: str) -> bool:
    return any(_matches(effect, pattern) for effect in effects.of(run).each)


def _matches(effect: Effect, pattern: str) -> bool:
    """True when a command reads, or works in, what a pattern matches."""
    return any(leftovers.deletes(pattern, path) for path in (*effect.reads, effect.cwd or "/"))


def _enters(step: Step, path: str) -> bool:
    workdir = effects.join(step.state.workdir or ".", step.instruction.body.text.strip()) or "/"
    return leftovers.uses(step, None, path) or leftovers.deletes(path, workdir)


def _program(each: Sequence[Effect], line: int) -> list[str]:
    tool = next((effect.command.tool for effect in each if effect.anything and effect.command.tool), "")
    return [f"line {line} runs {tool}, which is taken not to need it"] if tool else []


def _same_place(step: Step, path: str) -> bool:
    """True when a COPY or ADD writes to a directory that holds the path, or may do so."""
    words = step.instruction.words
    place = effects.join(step.state.workdir or ".", words[-1]) if words else None
    return place is None or paths.inside(path, place) or place.startswith("${") or path[0] != place[0]


# Taking it out --------------------------------------------------------------------------------------------------------


def call(command: Command, operands: list[str]) -> str:
    """The same ``rm`` with other operands."""
    own = {word.start for word in command.operands}
    return " ".join([*(word.raw for word in command.simple.words if word.start not in own), *operands])


def take(file: File, run: Run, command: Command, gone: list[Word]) -> tuple[Change, tuple[str, ...]] | style.Refusal:
    """The edits that take operands, the whole command, or the whole RUN out; and the comments that would be lost."""
    if command.simple.redirects or command.simple.assignments or not command.editable:
        return style.Refusal("the rm has a redirection or stands inside a quoted script")
    if not command.place.certain:
        return style.Refusal("the rm runs only under a condition")
    script = run.script
    assert script is not None
    statements = script.body.statements
    if any(operator != "&&" for statement in statements for operator, _ in statement.list.operators):
        return style.Refusal("a || decides what a failing rm means")
    if len(gone) < len(command.operands):
        kept = [word for word in command.operands if word not in gone]
        edits = [_without(run, command, word) for word in gone]
        if any(edit is None for edit in edits):
            return style.Refusal("a comment stands between the operands of the rm")
        assert kept
        return Change(tuple(edit for edit in edits if edit is not None), drops=tuple(_value(word) for word in gone)), ()
    if len(statements) == 1 and all(one.simple is command.simple or one.tool == "cd" for one in run.commands):
        return whole(file, run)
    change = style.remove(run, command)
    if isinstance(change, style.Refusal):
        first = style.remove_first(run, command)
        change = first if isinstance(first, Change) else change
    if isinstance(change, style.Refusal):
        return change
    heading = of_first_command(file, run, command)
    lifted = Change(tuple(Edit.delete(comment.span) for comment in heading))
    return change + lifted, tuple(comment.span.of(file.source).strip() for comment in heading)


def _value(word: Word) -> str:
    return word.raw if word.value is None else word.value


def _without(run: Run, command: Command, word: Word) -> Edit | None:
    """The operand and the blanks (and continuation) in front of it."""
    words = command.simple.words
    before = words[words.index(word) - 1]
    span = Span(style.last_character(run, before.end), style.last_character(run, word.end))
    if any(span.overlaps(comment) for comment in run.instruction.comments):
        return None
    return Edit.delete(span)


def whole(file: File, run: Run) -> tuple[Change, tuple[str, ...]]:
    """The whole instruction goes, with the comments directly above, which move; not with instructions among them that are
    turned off, nor with what stands above those."""
    source = file.source
    above = that_move(file, run)
    spans = [*(comment.span for comment in above), *run.instruction.comments]
    assert run.script is not None
    start = above[0].span.start if above else run.span.start
    edit = style.whole(file, run.instruction, start)
    return Change((edit,), drops=style.words_of(run.script.text)), tuple(span.of(source).strip() for span in spans)


def take_whole(file: File, run: Run) -> Change | style.Refusal:
    """The edit that takes a whole RUN out when it has no comments of its own to lose."""
    change, comments = whole(file, run)
    return style.Refusal("the comments of its RUN have no other place") if comments else change
