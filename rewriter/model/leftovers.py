"""Files that a RUN makes and leaves: who may still want them, and how to delete them in the author's own words."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from rewriter import posixpath
from rewriter.knowledge import filetools, tools
from rewriter.model import effects, errexit, names, paths, privilege, style
from rewriter.model.command import Command
from rewriter.model.effects import Effect, Effects, Made
from rewriter.model.file import File, Step
from rewriter.model.run import Run
from rewriter.model.scope import State
from rewriter.model.walk import bodies, parts
from rewriter.rule import Change, Decline, Finding, Safety
from rewriter.syntax.script import AndOr, For, Loop, Pipeline, Sequence, Subshell
from rewriter.text import Edit, Span

#: looking for the users of each file in each instruction takes quadratic time, so it ends somewhere
LONG_FILE: Final = 500

_ADDRESS: Final = re.compile(r"(?:https?|ftp):/\S+")  # names what lies elsewhere
_PLACE: Final = re.compile(r"/[\w./+-]*")
#: a relative path of plain characters and variables
_BY_VARIABLE: Final = re.compile(r"[\w.+-]*\$(?:\w+|\{\w+\})[\w./+-]*")


class Wanted(NamedTuple):
    """What speaks for keeping a path: ``why`` is a use that we see, ``unseen`` are programs that might use it."""

    why: str = ""
    unseen: tuple[str, ...] = ()


def wanted_later(file: File, run: Run, path: str) -> Wanted:
    """Who may use ``path`` after ``run``: later RUNs, COPY --from, CMD, ENTRYPOINT, ENV, WORKDIR, ONBUILD, ..."""
    if is_long(file):
        return Wanted(f"who may use {shown(path)} is not looked for in a file of more than {LONG_FILE} instructions")
    unseen: list[str] = []
    for step in _in_force(run):
        if _names_at_start(step, path):
            return Wanted(f"line {file.line(step.instruction.keyword.start)} may use {shown(path)}")
    for step in file.later_steps(run.index, run.stage):
        if step.name == "FROM":
            continue
        line = file.line(step.instruction.keyword.start)
        other = file.run_at.get(step.index)
        if uses(step, other, path) or _handed_out(step, path):
            return Wanted(f"line {line} may use {shown(path)}")
        each = effects.of(other).each if other is not None else ()
        program = next((effect.command.tool for effect in each if effect.anything and effect.command.tool), "")
        if program and not unseen:
            unseen.append(f"line {line} runs {program}, which is taken not to need {shown(path)}")
    return Wanted("", tuple(unseen))


def _in_force(run: Run) -> Iterator[Step]:
    """The instructions in front of the RUN that speak about what the image starts with."""
    for stage in run.stage.lineage:
        for step in stage.steps:
            if step.index < run.index and step.name in ("ENV", "CMD", "ENTRYPOINT", "HEALTHCHECK"):
                yield step


def _names_at_start(step: Step, path: str) -> bool:
    if step.name != "ENV":
        return uses(step, None, path) or _handed_out(step, path)
    text, at = expanded(step.instruction.body.text, step.state), -1
    while path.startswith("/") and (at := text.find(path, at + 1)) != -1:
        after = text[at + len(path) : at + len(path) + 1]
        if text[max(at - 2, 0) : at] in ("  ", " *"):
            continue  # a line for sha256sum -c
        if not (after.isalnum() or after in ("_", "-", ".")) or not after:
            return True
    return False


def _handed_out(step: Step, path: str) -> bool:
    """True when CMD, ENTRYPOINT and their like may use the path without its name: by a glob, as a part of a directory that
    they name, or because they serve the directory in which they start."""
    if step.name not in ("CMD", "ENTRYPOINT", "HEALTHCHECK", "ONBUILD"):
        return False
    inner = step.instruction.trigger or step.instruction
    text = expanded(" ".join(inner.args or ()) or inner.body.text, step.state)
    workdir = step.state.workdir or "."
    words = text.replace("'", " ").replace('"', " ").replace(";", " ").replace("=", " ").split()
    served = "serve" in words or any(one in text for one in filetools.SERVERS)
    entered = False
    for word in words:
        place = effects.join(workdir, word.rstrip("/") or "/") or ""
        if "*" in word and (effects.same(place, path) or word.strip("*") == ""):
            return True
        if (served or not entered) and place != path and ("/" in word or word == ".") and _holds(place, path):
            return True
        entered = word == "cd"
    return served and (workdir == "/" or _holds(workdir, path))


def _holds(directory: str, path: str) -> bool:
    """True when the path lies in the directory; all have something in the root and below /tmp."""
    shared = directory in ("/", "") or directory in filetools.TEMPORARY
    return not shared and paths.inside(path, directory)


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
        return any(touches(effect, path) for effect in effects.of(run).each)
    if step.name == "COPY" and any(flag.name == "from" for flag in step.instruction.flags):
        sources = step.instruction.words
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


def touches(effect: Effect, path: str) -> bool:
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
            volumes = step.instruction.words
            if any("$" in volume or paths.inside(path, "/" + volume.strip("/")) for volume in volumes):
                return True
    return False


def gone(found: Effects, made: Made) -> bool:
    """True when the RUN itself deletes or moves the path after making it, or may do so."""
    seen = False
    for effect in found.each:
        if seen and _takes(effect, made):
            return True
        seen = seen or effect.command is made.command
    return False


def _takes(effect: Effect, made: Made) -> bool:
    for one in effect.deletes:
        if names.perhaps(one, made.path) or (deletes(one, made.path) and not _elsewhere(effect, one, made)):
            return True
        # what a download is called after a variable lies in the directory of the download, whatever the variable says
        if (
            made.cwd
            and made.download
            and made.path.startswith("${")
            and deletes(one, posixpath.join(made.cwd, made.path))
        ):
            return True
    if _may_delete(effect, made.path):
        return True
    if effect.command.tool == "find" and effects.reads(effect, made.path) and effect.command.place.piped:
        return True
    if effect.deletes:
        return False
    text = " ".join(word.raw for word in effect.command.simple.words)
    return ("rm " in text or effect.command.tool == "mv") and effects.mentions(text, made.path)


def _elsewhere(effect: Effect, pattern: str, made: Made) -> bool:
    """``rm -rf /var/lib/apt/lists/*`` for a file in the working directory of the base image, which is hardly that one; and
    with ``-f`` it succeeds as well where the file is gone by then."""
    return pattern[:1] == "/" and made.path[:1] == "." and "*" in pattern and effect.command.has("-f", "--force")


_VARIABLE: Final = re.compile(r"\$\{\w+\}")


def _may_delete(effect: Effect, path: str) -> bool:
    """True for ``xargs rm``, ``rm $f`` and ``rm $(...)``, when the path may be meant: a second rm would find nothing."""
    command = effect.command
    if command.tool == "xargs":
        return any(word.value == "rm" for word in command.arguments)
    if command.tool != "rm":
        return False
    trees = command.has("-r", "-R", "--recursive")
    for word in command.operands:
        named = effect.path(word)
        if named is None or named[0] == "$":
            if not trees:
                return True
        elif "${" in named and effects.same(_VARIABLE.sub("*", named), path):
            return True
    return False


def deletes(pattern: str, path: str) -> bool:
    """True when deleting ``pattern`` deletes ``path``: it, a directory above it, or ``directory/*``."""
    plain = "*" not in pattern and "?" not in pattern and "[" not in pattern
    if plain and len(pattern) > 1 and pattern[0] == "/" == path[:1]:  # most are
        return path == pattern or path.startswith(pattern + "/")
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
        given = (f"{one.name}={one.value.raw}" for one in command.simple.assignments if one.value is not None)
        raw = " ".join([raw, *given])
        near = effect.cwd is not None and paths.inside(effect.cwd, path)
        named = effects.mentions(raw, path) or any(paths.inside(read, path) for read in effect.reads)
        if command.tool in ("ln", "update-alternatives", "alternatives") and (near or named):
            return command.tool
        if near and not {"-e", "--editable", "develop", "link"}.isdisjoint(raw.split()) and command.tool != "sed":
            return " ".join(raw.split()[:3])
        if named and (command.has("-e", "--editable") and command.tool.startswith("pip")):
            return "pip install -e"
        if path.startswith("/") and _told(command, path):
            return " ".join(raw.split()[:2])
        if named and command.tool in ("echo", "printf") and command.simple.redirects:
            return f"{command.tool} into {command.simple.redirects[0].target.raw}"
        stored = _baked_in(raw, path, effect, near or named)
        if stored:
            return stored[:60]
    return ""


def _told(command: Command, path: str) -> bool:
    """True for ``sed s,FILE,/the/path, other`` and ``git config key /the/path``, which write the path down."""
    if command.tool == "sed":
        return any(path in word.raw and word.value != path for word in command.arguments)
    return command.tool == "git" and command.subcommand == "config" and path in command.words_text


#: what a build stores in its result: the place it is installed to, and where the program looks for its libraries
_PLACES: Final = ("prefix", "PREFIX", "DESTDIR")
_STORED: Final = (*_PLACES, "rpath", "RPATH", "RUN_PATH", "runpath")
_CONFIGURE: Final = frozenset("configure Configure config cmake meson qmake".split())


def _baked_in(text: str, path: str, effect: Effect, concerned: bool) -> str:
    """An option or a variable that ends up in the result of a build and names the path or something in it, or ""."""
    words = text.split()
    for word, following in zip(words, [*words[1:], ""], strict=True):
        sign = next((sign for sign in _STORED if sign in word), "=" if effect.command.tool in _CONFIGURE else "-")
        value = word.partition(sign)[2] or (following if sign == "prefix" else "")
        if sign in ("PREFIX", "DESTDIR"):  # DESTDIR=out, -DCMAKE_INSTALL_PREFIX:PATH=out, and no CMAKE_PREFIX_PATH
            kind, _, value = value.partition("=")
            value = value if kind[:1] in ("", ":") else ""
        if sign == "-" or not value:
            continue
        if any(paths.inside(one, path) for one in _absolute(value)):
            return word
        if sign == "=":
            continue
        place = _seen_from(effect, value.lstrip("="))
        within = sign in _PLACES and place is not None and paths.inside(place, path)
        if concerned and (within or "PWD" in value or "pwd" in value):
            return word
        if not path.startswith("/") and effects.mentions(value, path):
            return word
    return ""


def works_in(effect: Effect) -> str | None:
    """The directory in which a command works: that of ``make -C directory``, else the one in which it starts."""
    words = [word.raw for word in effect.command.arguments]
    if effect.command.tool not in ("make", "gmake", "ninja") or "-C" not in words[:-1]:
        return effect.cwd
    return effects.join(effect.cwd, words[words.index("-C") + 1]) or effect.cwd


def _seen_from(effect: Effect, text: str) -> str | None:
    """The path that ``text`` means for the command."""
    value = paths.symbolic(names.word(text), effect.state)
    return effects.join(works_in(effect), value) if value else None


def _absolute(text: str) -> Iterator[str]:
    """The absolute paths in the value of an option: ``-Wl,-rpath,/a/lib`` and ``/a:/b``."""
    for separator in "\"'=,:;":
        text = text.replace(separator, " ")
    return (posixpath.normpath(one) for one in text.split() if one.startswith("/"))


def last_use(found: Effects, made: Made, run: Run) -> Effect:
    """The last command of the RUN that names the path or reads it; at least the one that made it."""
    last = next(effect for effect in found.each if effect.command is made.command)
    after = False
    for effect in found.each:
        after = after or effect is last
        if any(_elsewhere(effect, one, made) for one in effect.deletes):
            continue  # what is written must stand in front of it
        if after and effect.command.editable and run.script is not None and effect.command.tool not in ("cd", "pushd"):
            text = run.script.text[effect.command.start : effect.command.end]
            named = _ADDRESS.sub(" ", " ".join([text, *effect.reads]))
            if touches(effect, made.path) or effects.mentions(named, made.path):
                last = effect
    return last


def unseen_after(found: Effects, last: Effect, name: str) -> tuple[str, ...]:
    """The first program of the RUN after ``last`` that may need files without naming them, as a fact relied on."""
    for effect in found.each:
        if effect.command.start > last.command.start and effect.anything and effect.command.tool:
            tool = effect.command.tool if effect.command.tool not in (".", "source") else effect.command.words_text
            return (f"{tool} runs after it and is taken not to need {name}",)
    return ()


def written(text: str, path: str, cwd: str | None, target: str | None, then: State | None = None) -> str | None:
    """How to write ``path`` in directory ``target``, where variables are as in ``then``, when ``text`` means it in ``cwd``;
    None: there is no sure way."""
    if text.startswith("-"):
        return None
    if then is not None and "$" in text and not _means(text, path, cwd, then):
        return shlex.quote(path) if path.startswith("/") and "${" not in path else None
    if text.lstrip('"')[:1] in ("/", "~") or (cwd == target and cwd is not None) or _absolute_by(text, then):
        return text
    if cwd is not None and _PLACE.fullmatch(cwd) and _BY_VARIABLE.fullmatch(text):
        return f"{cwd.rstrip('/')}/{text}"  # with the author's variable, not its value of today
    if path.startswith("/") and "${" not in path:
        return path if not set(path) & set("'\"\\ $&;()<>|`!#{}*?[]") else shlex.quote(path)
    if path.startswith("/") and text.lstrip('"').startswith("$") and not text.startswith("'"):
        return text
    if target is not None and paths.inside(path, target) and "${" not in path:
        return shlex.quote(path[len(target) :].lstrip("/"))
    if target is not None and cwd is not None and cwd.startswith(target.rstrip("/") + "/") and "${" not in cwd:
        return f"{cwd[len(target) :].lstrip('/')}/{text}"
    return None


def _absolute_by(text: str, then: State | None) -> bool:
    """True for ``$ARCHIVE`` where the variable is known to begin with a slash."""
    return (
        then is not None and text.lstrip('"')[:1] == "$" and (paths.symbolic(names.word(text), then) or "")[:1] == "/"
    )


def _means(text: str, path: str, cwd: str | None, then: State) -> bool:
    """True when the variables of ``text`` are still what they were when it meant ``path``."""
    value = paths.symbolic(names.word(text), then)
    return value is not None and names.join(cwd, value) == path


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
    alone = len(list_.pipelines) == 1
    last = pipeline == len(list_.pipelines) - 1
    closes = sequence is script.body and statement == len(sequence.statements) - 1
    governed = errexit.in_use(run) and not errexit.passed_over(script.body, command.simple)
    on = (errexit.starts_with_errexit(script) or run.state.errexit) and not errexit.turned_off(script)
    if governed and last and not closes and not (alone and on):
        return style.Refusal("set -e would no longer see the command fail")
    apart = governed and alone and on
    gap = " && "
    if apart:
        others = sequence.statements
        first = statement if statement + 1 < len(others) else max(statement - 1, 0)
        pair = others[first : first + 2]
        gap = _between(run, pair[0].end, pair[1].start) if len(pair) == 2 and statement else "; "
    elif governed and last and not alone:
        gap = _between(run, list_.pipelines[pipeline - 1].end, list_.pipelines[pipeline].start)
    elif not alone:
        first = pipeline - 1 if pipeline == len(list_.pipelines) - 1 else pipeline
        gap = _between(run, list_.pipelines[first].end, list_.pipelines[first + 1].start)
    if "#" in gap:
        gap = style.line_break(run, ";" if apart else "&&")
    if gap.count("\n") > 1:
        gap = gap[: gap.index("\n") + 1] + gap[gap.rindex("\n") + 1 :]
    at = style.last_character(run, list_.pipelines[pipeline].end)
    return Change((Edit.insert(at, gap + text),), adds=style.words_of(text))


class Useless(NamedTuple):
    """A file that the RUN made and needs no longer after command ``last``, where it is written ``text``."""

    at: Span
    made: Made
    last: Effect
    text: str
    safety: Safety
    because: tuple[str, ...]


def _used_again(run: Run, last: Command, maker: Command) -> bool:
    """True when ``last`` stands in a loop, and what made the file in front of it."""
    loops = (one for one, _ in parts(run.script.body) if isinstance(one, (For, Loop))) if run.script is not None else ()
    return any(one.start <= last.start < one.end and not one.start <= maker.start < one.end for one in loops)


def deleted(run: Run, files: Iterable[Useless]) -> Iterator[Finding | Decline]:
    """A finding for all files that the same command uses last, or a decline where nothing can follow that command."""
    groups: dict[int, list[Useless]] = {}
    for one in files:
        groups.setdefault(id(one.last), []).append(one)
    for group in groups.values():
        at, last = group[0].at, group[0].last
        listed = ", ".join(shown(one.made.path) for one in group)
        if any(_used_again(run, last.command, one.made.command) for one in group):
            yield Decline(at, f"{listed} stays: the last command that uses it stands in a loop")
            continue
        raised = privilege.for_deleting(run, *(one.made.command for one in group))
        change: Change | style.Refusal
        if isinstance(raised, style.Refusal):
            change = raised
        else:
            change = insert_after(run, last.command, f"{raised}rm {' '.join(one.text for one in group)}")
        if not isinstance(change, Change):
            yield Decline(at, f"{listed} stays: {change.why}")
            continue
        because = tuple(dict.fromkeys(fact for one in group for fact in one.because))
        title = f"Delete {listed} after {'its' if len(group) == 1 else 'their'} last use"
        yield Finding(at, title, change, min(one.safety for one in group), because)


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
