"""Files that a RUN makes and leaves: who may still want them, and how to delete them in the author's own words."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import NamedTuple

from rewriter.knowledge import filetools, tools
from rewriter.model import effects, paths, privilege, style
from rewriter.model.caches import span_of
from rewriter.model.command import Command
from rewriter.model.effects import Effect, Effects, Made
from rewriter.model.file import File, Step
from rewriter.model.run import Run
from rewriter.model.scope import State
from rewriter.model.walk import bodies
from rewriter.rule import Change, Decline, Finding, Safety
from rewriter.syntax.script import AndOr, Pipeline, Sequence, Subshell
from rewriter.text import Edit

#: looking for the users of each file in each instruction takes quadratic time, so it ends somewhere
LONG_FILE = 500


class Wanted(NamedTuple):
    """What speaks for keeping a path: ``why`` is a use that we see, ``unseen`` are programs that might use it."""

    why: str = ""
    unseen: tuple[str, ...] = ()


def wanted_later(file: File, run: Run, path: str) -> Wanted:
    """Who may use ``path`` after ``run``: later RUNs, COPY --from, CMD, ENTRYPOINT, ENV, WORKDIR, ONBUILD, ..."""
    if is_long(file):
        return Wanted(f"who may use {shown(path)} is not looked for in a file of more than {LONG_FILE} instructions")
    unseen: list[str] = []
    for step in file.later_steps(run.index, run.stage):
        if step.name == "FROM":
            continue
        line = file.line(step.instruction.keyword.start)
        other = file.run_at.get(step.index)
        if uses(step, other, path) or (other is None and _globbed(step, path)):
            return Wanted(f"line {line} may use {shown(path)}")
        each = effects.of(other).each if other is not None else ()
        program = next((effect.command.tool for effect in each if effect.anything and effect.command.tool), "")
        if program and not unseen:
            unseen.append(f"line {line} runs {program}, which is taken not to need {shown(path)}")
    return Wanted("", tuple(unseen))


def _globbed(step: Step, path: str) -> bool:
    """True when a glob in CMD, ENTRYPOINT and their like may name the path: ``serve /srv/*.gz``."""
    text = " ".join(step.instruction.args or ()) or step.instruction.body.text
    name = posixpath.basename(path)
    patterns = (posixpath.basename(word.strip("\"';")) for word in text.split() if "*" in word)
    return step.name not in ("COPY", "ADD") and any(fnmatchcase(name, one) for one in patterns if one != "*")


def is_long(file: File) -> bool:
    """True for a file that is too long to compare each instruction with each other one."""
    return len(file.dockerfile.instructions) > LONG_FILE


def uses(step: Step, run: Run | None, path: str) -> bool:
    """True when the instruction names the path, or something that holds it and is read or copied as a whole."""
    text = step.instruction.body.text if run is None else run.visible.text
    documents = step.instruction.heredocs if run is None else ()
    if effects.mentions(text, path) or effects.mentions(expanded(text, step.state), path):
        return True
    if documents:
        return True
    if run is not None:
        return any(_touches(effect, path) for effect in effects.of(run).each)
    if step.name == "COPY" and any(flag.name == "from" for flag in step.instruction.flags):
        sources = step.instruction.args or tuple(text.split())
        return any("$" in one or "*" in one or paths.inside(path, "/" + one.strip("/")) for one in sources[:-1])
    if step.name == "WORKDIR":
        workdir = step.state.expand(text.strip(), "\\")
        return workdir is not None and paths.inside(posixpath.join(step.state.workdir or "/", workdir), path)
    return False


def expanded(text: str, state: State) -> str:
    """The text with the variables of known value filled in, for looking a name up in it."""
    for name, value in state.environment.items() if "$" in text else ():
        if value and name in text:
            text = text.replace("${" + name + "}", value).replace("$" + name, value)
    return text


def _touches(effect: Effect, path: str) -> bool:
    """True when the command names or deletes the path. A package manager that runs beside the file is no use of it."""
    if any(deletes(pattern, path) for pattern in effect.deletes):
        return True
    if is_project(effect):
        return any(effects.same(read, path) for read in effect.reads)
    return effects.reads(effect, path)


def is_project(effect: Effect) -> bool:
    """True for a package manager that works on the project in its directory."""
    return tools.canonical(effect.command.tool) in filetools.PROJECT


def shown(path: str) -> str:
    """A path for a sentence."""
    if path.startswith("."):
        return path.partition("/")[2] or "the working directory"
    return path


def in_volume(run: Run, path: str) -> bool:
    """True when a VOLUME above the RUN covers the path: what is written there is in no layer."""
    for step in run.stage.steps:
        if step.name == "VOLUME" and step.index < run.index:
            volumes = step.instruction.args or tuple(step.instruction.body.text.split())
            if any("$" in volume or paths.inside(path, "/" + volume.strip("/")) for volume in volumes):
                return True
    return False


def gone(found: Effects, made: Made) -> bool:
    """True when the RUN itself deletes or moves the path after making it."""
    seen = False
    for effect in found.each:
        if seen and any(deletes(pattern, made.path) for pattern in effect.deletes):
            return True
        if seen and effect.command.tool == "find" and effects.reads(effect, made.path) and effect.command.place.piped:
            return True
        text = " ".join(word.raw for word in effect.command.simple.words)
        removes = "rm " in text or effect.command.tool == "mv"
        if seen and not effect.deletes and removes and effects.mentions(text, made.path):
            return True
        seen = seen or effect.command is made.command
    return False


def deletes(pattern: str, path: str) -> bool:
    """True when deleting ``pattern`` deletes ``path``: it, a directory above it, or ``directory/*``."""
    while True:
        if effects.same(pattern, path):
            return True
        above = posixpath.dirname(path)
        if above == path or not above:
            return False
        path = above


def keeps_link(found: Effects, path: str) -> str:
    """A command that makes something outside depend on the path (a link, an editable install, a search path), or ""."""
    for effect in found.each:
        command = effect.command
        raw = " ".join([word.raw for word in command.simple.words])
        raw = " ".join([raw, *(one.value.raw for one in command.simple.assignments if one.value is not None)])
        near = effect.cwd is not None and paths.inside(effect.cwd, path)
        named = effects.mentions(raw, path) or any(paths.inside(read, path) for read in effect.reads)
        if command.tool in ("ln", "update-alternatives", "alternatives") and (near or named):
            return command.tool
        if near and not {"-e", "--editable", "develop", "link"}.isdisjoint(raw.split()) and command.tool != "sed":
            return " ".join(raw.split()[:3])
        if named and (command.has("-e", "--editable") and command.tool.startswith("pip")):
            return "pip install -e"
        if named and command.tool in ("echo", "printf") and command.simple.redirects:
            return f"{command.tool} into {command.simple.redirects[0].target.raw}"
        prefix = raw.partition("prefix")[2]
        if (named or near) and (effects.mentions(prefix, path) or "PWD" in prefix or "pwd" in prefix) and prefix:
            return "a prefix inside the tree"
    return ""


def last_use(found: Effects, made: Made, run: Run) -> Effect:
    """The last command of the RUN that names the path or reads it; at least the one that made it."""
    last = next(effect for effect in found.each if effect.command is made.command)
    after = False
    for effect in found.each:
        after = after or effect is last
        if after and effect.command.editable and run.script is not None and effect.command.tool not in ("cd", "pushd"):
            text = run.script.text[effect.command.start : effect.command.end]
            if effect.command.tool.startswith("docker-php-ext-"):
                continue  # its words are names of extensions, not of files
            named = " ".join([text, *effect.reads])
            if _touches(effect, made.path) or effects.mentions(named, made.path):
                last = effect
    return last


def unseen_after(found: Effects, last: Effect, name: str) -> tuple[str, ...]:
    """The first program of the RUN after ``last`` that may need files without naming them, as a fact relied on."""
    for effect in found.each:
        if effect.command.start > last.command.start and effect.anything and effect.command.tool:
            return (f"{effect.command.tool} runs after it and is taken not to need {name}",)
    return ()


def written(text: str, path: str, cwd: str | None, target: str | None) -> str | None:
    """How to write ``path`` in directory ``target``, when ``text`` means it in ``cwd``; None: there is no sure way."""
    if text.startswith("-"):
        return None
    if text.lstrip('"')[:1] in ("/", "~") or (cwd == target and cwd is not None):
        return text
    if path.startswith("/") and "${" not in path:
        return path if not set(path) & set("'\"\\ $&;()<>|`!#{}*?[]") else shlex.quote(path)
    if path.startswith("/") and text.lstrip('"').startswith("$") and not text.startswith("'"):
        return text
    if target is not None and paths.inside(path, target) and "${" not in path:
        return shlex.quote(path[len(target) :].lstrip("/"))
    if target is not None and cwd is not None and cwd.startswith(target.rstrip("/") + "/") and "${" not in cwd:
        return f"{cwd[len(target) :].lstrip('/')}/{text}"
    return None


# Where to put it ------------------------------------------------------------------------------------------------------


def insert_after(run: Run, command: Command, text: str) -> Change | style.Refusal:
    """Run ``text`` right after ``command`` and only if it succeeded, in the same shell and directory."""
    script = run.script
    if script is None or not command.editable:
        return style.Refusal("the command stands inside a quoted script")
    found = next(_lists(script.body, command), None)
    if found is None:
        return style.Refusal("the command stands in a place where no other can follow it")
    sequence, list_, pipeline, statement = found
    if sequence.statements[statement].ended_by == "&":
        return style.Refusal("the command runs in the background")
    if any(operator != "&&" for operator, _ in list_.operators):
        return style.Refusal("its list has a ||")
    if list_.pipelines[pipeline].negated:
        return style.Refusal("the command is negated")
    if any(r.body is not None for c in run.commands for r in c.simple.redirects):
        return style.Refusal("the RUN has a here-document")
    errexit = style.starts_with_errexit(script) or run.state.errexit
    alone = len(list_.pipelines) == 1
    gap = " && "
    if errexit and alone:
        others = sequence.statements
        first = statement if statement + 1 < len(others) else max(statement - 1, 0)
        pair = others[first : first + 2]
        gap = _between(run, pair[0].end, pair[1].start) if len(pair) == 2 and statement else "; "
    elif errexit and pipeline == len(list_.pipelines) - 1:
        gap = _between(run, list_.pipelines[pipeline - 1].end, list_.pipelines[pipeline].start)
    elif not alone:
        first = pipeline - 1 if pipeline == len(list_.pipelines) - 1 else pipeline
        gap = _between(run, list_.pipelines[first].end, list_.pipelines[first + 1].start)
    if "#" in gap:
        gap = style.line_break(run, "&&" if not (errexit and alone) else ";")
    if gap.count("\n") > 1:
        gap = gap[: gap.index("\n") + 1] + gap[gap.rindex("\n") + 1 :]
    at = style.last_character(run, list_.pipelines[pipeline].end)
    return Change((Edit.insert(at, gap + text),), adds=style.words_of(text))


def rm_after(run: Run, made: Made, last: Effect, path: str) -> Change | style.Refusal:
    """Delete what was made, written ``path``, right after the command that used it last."""
    raised = privilege.sudo(run, made.command)
    return raised if isinstance(raised, style.Refusal) else insert_after(run, last.command, f"{raised}rm {path}")


def _between(run: Run, left: int, right: int) -> str:
    return run.file.source[style.last_character(run, left) : run.visible.source(right)]


def _lists(sequence: Sequence, command: Command) -> Iterator[tuple[Sequence, AndOr, int, int]]:
    """The innermost list whose pipeline has the command, with both their indexes."""
    for number, statement in enumerate(sequence.statements):
        if not statement.start <= command.start < statement.end:
            continue
        for index, pipeline in enumerate(statement.list.pipelines):
            if any(one is command.simple for one in pipeline.commands):
                yield sequence, statement.list, index, number
            else:
                yield from _inside(pipeline, command)


def _inside(pipeline: Pipeline, command: Command) -> Iterator[tuple[Sequence, AndOr, int, int]]:
    for one in pipeline.commands:
        for body in bodies(one):
            if len(pipeline.commands) == 1 or isinstance(one, Subshell):
                yield from _lists(body, command)


# Source trees ---------------------------------------------------------------------------------------------------------


class Tree(NamedTuple):
    """A source tree that a RUN fetched. ``installed`` is the command that put the result of its build elsewhere."""

    made: Made
    installed: Effect | None


def trees(found: Effects) -> Iterator[Tree]:
    """The directories that the RUN clones, or unpacks and then enters."""
    made: dict[str, Made] = {}
    names: dict[str, list[str]] = {}
    for effect in found.each:
        for unpacked in effect.unpacks:
            if unpacked.into is not None:
                names.setdefault(unpacked.into, []).append(posixpath.basename(unpacked.path))
        if effect.command.tool == "tar" and not effect.unpacks:
            for one in effect.makes:
                if one.kind == "below":
                    names.setdefault(one.path, []).append("")
        for one in effect.makes:
            if one.kind == "tree" and one.download and one.path not in made:
                made[one.path] = one
        if effect.command.tool != "cd" or not effect.command.place.certain or len(effect.reads) != 1:
            continue
        top = _top(effect.reads[0], names)
        if top is not None and top not in made and effect.command.arguments:
            word = effect.command.arguments[0].raw
            if top == effect.reads[0]:
                made[top] = Made(top, "tree", word, effect.cwd, effect.command)
    for tree in made.values():
        yield Tree(tree, next((effect for effect in found.each if _installs(effect, tree.path)), None))


def _top(path: str, names: dict[str, list[str]]) -> str | None:
    """``path`` when it is a direct member of a directory that was unpacked to, and is named like the archive."""
    above, name = posixpath.split(path)
    if above in filetools.TEMPORARY and above in names:
        return path
    for archive in names.get(above, ()):
        stem = archive.partition(".tar")[0].removesuffix(".tgz").removesuffix(".zip").removesuffix(".tbz2")
        if stem and (name.startswith(stem) or stem.startswith(name)):
            return path
    return None


def _installs(effect: Effect, tree: str) -> bool:
    if effect.cwd is None:
        return False
    words = [word.raw for word in effect.command.arguments]
    at = effect.cwd
    if effect.command.tool in ("make", "gmake", "ninja"):
        if "-C" in words[:-1]:
            at = effects.join(effect.cwd, words[words.index("-C") + 1]) or effect.cwd
        return paths.inside(at, tree) and any(word.startswith("install") or word == "altinstall" for word in words)
    if effect.command.tool == "cmake":
        return paths.inside(at, tree) and ("--install" in words or words[-2:] == ["--target", "install"])
    if effect.command.tool.startswith("python"):
        return paths.inside(at, tree) and words[:2] == ["setup.py", "install"]
    return False


def trees_deleted(file: File, run: Run, fetched: Iterable[Tree]) -> Iterator[Finding | Decline]:
    """One finding that deletes the trees at the end of the RUN; a decline for each that must stay."""
    found = effects.of(run)
    gone_now: list[Made] = []
    facts: list[str] = []
    for tree in fetched:
        made = tree.made
        if gone(found, made) or run.mounted(made.path) or in_volume(run, made.path):
            continue
        why, unseen = _stays(file, run, tree)
        if "RPATH" in run.visible.text:
            why = why or "a run-time search path (RPATH) may lead into the tree"
        if why:
            yield Decline(span_of(run, made.command), why)
        elif tree.installed is not None:
            gone_now.append(made)
            facts.append(f"{tree.installed.command.words_text[:40]} put the result of the build in its place")
            facts += unseen
    if not gone_now:
        return
    at, names = span_of(run, gone_now[0].command), " ".join(shown(made.path) for made in gone_now)
    raised = privilege.sudo(run, *_workers(found, gone_now))
    text = None if isinstance(raised, style.Refusal) else _rm_trees(gone_now, found.end, raised)
    change: Change | style.Refusal = style.Refusal("the directory in which this RUN ends is not known")
    if isinstance(raised, style.Refusal):
        change = raised
    elif text is not None:
        change = style.append(run, text)
    if isinstance(change, style.Refusal):
        yield Decline(at, f"{names} stays: {change.why}")
        return
    because = tuple(dict.fromkeys((*facts, "nothing later names the sources")))
    yield Finding(at, f"Delete the sources {names}", change, Safety.REVIEW, because)


def _stays(file: File, run: Run, tree: Tree) -> tuple[str, tuple[str, ...]]:
    """Why the tree must stay, or ""; and the programs that are taken not to need it."""
    name = shown(tree.made.path)
    if tree.installed is None:
        return f"that the build put its result outside of {name} is not seen; an install command would show it", ()
    wanted = wanted_later(file, run, tree.made.path)
    link = keeps_link(effects.of(run), tree.made.path)
    return wanted.why or (f"{link} of the same RUN may depend on {name}" if link else ""), wanted.unseen


def _workers(found: Effects, made: list[Made]) -> list[Command]:
    """The commands that made the trees, and those that worked in them: files there may belong to root."""
    inside = (each for each in found.each if each.cwd and any(paths.inside(each.cwd, one.path) for one in made))
    return [*(one.command for one in made), *(each.command for each in inside)]


def _rm_trees(made: list[Made], end: str | None, raised: str) -> str | None:
    """``rm -rf trees`` for a shell that stands in ``end``, after leaving the tree when it stands inside one."""
    lead = ""
    inside = next((one for one in made if end is not None and paths.inside(end, one.path)), None)
    if inside is not None:
        if all(one.path.startswith("/") for one in made):
            lead, end = "cd / && ", "/"
        elif end == inside.path and inside.cwd is not None and posixpath.dirname(end) == inside.cwd:
            lead, end = "cd .. && ", inside.cwd
        else:
            return None
    written_all = [written(one.text, one.path, one.cwd, end) for one in made]
    if None in written_all:
        return None
    return f"{lead}{raised}rm -rf {' '.join(text for text in written_all if text)}"
