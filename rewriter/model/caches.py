"""The one way in which a kept cache is found and cured; each transform names its row of the knowledge."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from rewriter import posixpath
from rewriter.glob import matches
from rewriter.knowledge import tools
from rewriter.knowledge.caches import Cache
from rewriter.model import paths, privilege, style, uses
from rewriter.model.cache_filled import (
    bare,
    below_home,
    covers,
    directories,
    exported,
    filled,
    fills_it,
    nested,
    variable,
)
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.model.shipping import Unshipped
from rewriter.rule import Change, Decline, Finding, Safety
from rewriter.text import Edit, Span


def kept(
    file: File,
    cache: Cache,
    *,
    fills: Callable[[Command], bool] = lambda command: True,
    against: Callable[[Run], str] = lambda run: "",
    plain: Callable[[Run, Command], bool] = lambda run, command: False,
    taken: Callable[[Run], tuple[str, ...]] = lambda run: (),
    older: Callable[[Run, Command], str] = lambda run, command: "",
) -> Iterator[Finding | Decline]:
    """A finding for every RUN that leaves ``cache`` in a layer that ships, a decline where there is no safe cure.

    ``fills`` narrows the commands that fill it beyond what the row can say; ``against`` gives a reason to leave a RUN
    alone, or ""; ``plain`` says that after this command the directories must be deleted without the tool's help;
    ``taken`` are facts that are taken for granted for a RUN, and make its finding REVIEW; ``older`` says why the tool of a
    command may be from before the cure, beyond what the row can say.
    """
    unshipped = Unshipped()
    named: list[_Naming] | None = None
    for run in file.runs:
        if run.tools.isdisjoint(cache.tools):
            continue
        filling = [one for one in filled(run, cache) if fills(one)]
        if not filling:
            continue
        at = span_of(run, filling[0])
        if not run.stage.ships:
            yield from unshipped.once(run.stage, at)
            continue
        named = _namings(file, cache) if named is None else named
        why = against(run) or _needed(file, run, cache) or _named(file, run, cache, filling[0], named)
        if why:
            yield Decline(at, why)
            continue
        refusing = {one: _older(run, one, cache) or older(run, one) for one in filling}
        filling = [one for one in filling if not refusing[one]]
        if not filling:
            yield Decline(at, next(iter(refusing.values())))
            continue
        at = span_of(run, filling[0])
        called = filling[0].arguments[:1] if not cache.subcommands else ()  # pacman -S
        first = " ".join([filling[0].tool, *([one.raw for one in called] or filter(None, [filling[0].subcommand]))])
        change: Change | style.Refusal | None = None
        if cache.option:
            title = f"Add {cache.option} to {first}"
            change = _by_option(run, cache, filling)
        if not isinstance(change, Change) and cache.clean:
            change = _by_cleaning(run, cache, filling, any(plain(run, one) for one in filling))
            title = f"Delete {cache.what} in the layer that filled it"
        if isinstance(change, Change):
            assumed = (*taken(run), *(uses.unseen(file, run, cache.what) if cache.needed_by else ()))
            safety = min(cache.safety, Safety.REVIEW) if assumed else cache.safety
            yield Finding(
                at, title, change, safety, (f"{first} fills {cache.what} in this layer", *assumed, cache.source)
            )
        elif change is not None:
            yield Decline(at, f"{cache.what} stays: {change.why}")


def span_of(run: Run, command: Command) -> Span:
    """The command in the source; the whole RUN for one that was read out of a quoted script."""
    if not command.editable:
        return run.span
    return run.visible.span(command.start, command.end)


# Does anything else use it? -------------------------------------------------------------------------------------------


class _Naming(NamedTuple):
    """A path that a command or a COPY out of a stage names; ``step`` is the instruction, ``start`` the command."""

    step: int
    start: int
    path: str


#: they do not need what they name to be there
_SILENT: Final = frozenset("rm rmdir find echo printf export mkdir test [".split())


def _namings(file: File, cache: Cache) -> list[_Naming]:
    """The paths in the file that may be one of the cache's directories or lie there."""
    marks = {path.split("/")[1] if path[0] == "~" else posixpath.basename(path) for path in cache.directories}
    found: list[_Naming] = []
    for run in file.runs:
        if cache.clean and not cache.clean.startswith("rm "):
            break  # the tool leaves its directory where it is
        if not any(mark in run.visible.text for mark in marks):
            continue
        for command in run.commands:
            if command.tool not in _SILENT and tools.canonical(command.tool) not in cache.tools:
                found += [
                    _Naming(run.index, command.start, bare(word)) for word in command.arguments if "/" in word.raw
                ]
    for stage in file.stages:
        for step in stage.steps:
            if step.name == "COPY" and any(flag.name == "from" for flag in step.instruction.flags):
                sources = step.instruction.words[:-1]
                found += [_Naming(step.index, 0, "/" + source.strip("/")) for source in sources]
    return found


def _named(file: File, run: Run, cache: Cache, first: Command, named: list[_Naming]) -> str:
    """Where something behind the first command that fills the cache names it, or a directory that it may be all of."""
    for directory in directories(cache, run, first) if named else ():
        for one in named:
            behind = one.step > run.index or (one.step == run.index and one.start > first.start)
            if behind and _lies_there(one.path, directory, run):
                line = file.line(file.dockerfile.instructions[one.step].keyword.start)
                return f"line {line} uses {one.path}, a place of {cache.what}"
    return ""


def _lies_there(path: str, directory: str, run: Run) -> bool:
    """True when the path is the directory, something in it, or one above it in the home."""
    if directory[0] == "/" == path[:1] and "$" not in path:
        in_home = bool(below_home(directory, run)) and path.startswith(f"{run.state.home}/")
        return paths.inside(path, directory) or (in_home and paths.inside(directory, path))
    below = below_home(directory, run) if directory[0] == "/" else directory[1:]
    return bool(below) and (covers(path, "~" + below) or below + "/" in path)


# Cures ----------------------------------------------------------------------------------------------------------------


def before(run: Run, command: Command) -> list[Command]:
    """The commands that ran in the image before this one: of this RUN, of earlier ones, of the stages below."""
    line = run.stage.lineage
    return [
        other
        for one in run.file.runs
        if one.index <= run.index and one.stage in line
        for other in one.commands
        if one is not run or other.start < command.start
    ]


def _older(run: Run, command: Command, cache: Cache) -> str:
    """Why the tool is from before the cure, where nothing renewed it; else ""."""
    if not cache.older_in:
        return ""
    image = run.stage.lineage[-1].image
    if not cache.older_from and not any(matches(image, pattern) for pattern in cache.older_in):
        return ""
    earlier = before(run, command)
    installers = (posixpath.basename(word.raw) for other in earlier for word in other.arguments)
    old = image if any(matches(image, pattern) for pattern in cache.older_in) else ""
    old = old or next((name for name in installers if any(matches(name, one) for one in cache.older_from)), "")
    if not old or renewed(image, earlier, cache):
        return ""
    return f"{cache.tool} of {old} is older than {cache.option or cache.clean} and would refuse it"


def renewed(image: str, earlier: list[Command], cache: Cache) -> bool:
    """True when the image or a command is known to bring a newer tool than that of the distribution."""
    texts = (image, *(one.words_text for one in earlier))
    return any(text in known for known in texts for text in cache.renewed_by)


def _by_option(run: Run, cache: Cache, filling: list[Command]) -> Change | style.Refusal:
    total = Change()
    for command in filling:
        instead = next((word for word in command.arguments if word.value in cache.instead_of), None)
        if instead is not None and command.editable:
            span = run.visible.span(instead.start, instead.end)
            edit = Edit.replace(span, cache.option)
            total += Change((edit,), adds=style.words_of(cache.option), drops=style.words_of(instead.raw))
            continue
        if command.editable and nested(command) in cache.subcommands:
            change: Change | style.Refusal = style.insert_after(run, command.operands[0].end, cache.option)
        else:
            change = style.add_option(run, command, cache.option, first=cache.first)
        if isinstance(change, style.Refusal):
            return change
        total += change
    return total


def _by_cleaning(run: Run, cache: Cache, filling: list[Command], plain: bool) -> Change | style.Refusal:
    if cache.beside:
        return _beside(run, cache, filling)
    last = filling[-1]
    text = cache.clean if not plain else ""
    if not text.startswith("rm "):
        refusal = next((one for one in map(_unlike, filling) if one), "")
        known = all(path.startswith("/") for path in cache.directories)
        if text and not refusal:
            text = " && ".join(_as_called(part, last, cache) for part in text.split(" && "))
        elif cache.directories and known:
            text = f"rm -rf {' '.join(cache.directories)}"
        else:
            return style.Refusal(refusal)
    elif "~" in text:
        refusal = _other_home(run, cache, filling)
        if refusal:
            return style.Refusal(refusal)
    if any(command.place.background for command in filling):
        return style.Refusal("it is filled by a command in the background")
    raised = privilege.sudo(run, *filling)
    if isinstance(raised, style.Refusal):
        return raised
    return style.append(run, " && ".join(raised + part for part in text.split(" && ")))


def _unlike(command: Command) -> str:
    """Why the tool might not be found or not be the same at the end of the RUN; "" when it will be."""
    if not command.editable:
        return f"{command.tool} is called in a quoted script, and may not be found outside of it"
    if not command.place.certain:
        return f"{command.tool} runs only under a condition, and where it is missing a call to clean up would fail"
    if not command.place.own_shell and not command.place.piped:
        return f"{command.tool} is called in a subshell, and may not be found outside of it"
    if any(name == "PATH" for name, _ in command.environment):
        return f"{command.tool} is found by a PATH of its own"
    return ""


def _as_called(text: str, command: Command, cache: Cache) -> str:
    """A cleaning command with the tool that the author called, as it was written: ``/opt/conda/bin/mamba clean``."""
    tool, _, rest = text.partition(" ")
    if tool not in cache.tools:
        return text
    words = command.simple.words
    start = command.head - 2 if command.head >= 2 and words[command.head - 1].raw == "-m" else command.head
    return " ".join([*[word.raw for word in words[start : command.head + 1]], rest])


def _other_home(run: Run, cache: Cache, filling: list[Command]) -> str:
    """Why ``~`` at the end of the RUN might not be where the cache is, or ""."""
    for command in filling:
        for name in (*cache.moved_by, "XDG_CACHE_HOME"):
            if variable(run, command, name) != "":
                return f"{name} moves it to another place"
        if any(name == "HOME" for name, _ in exported(run, command)):
            return "HOME is another one for this command"
        if not command.editable:
            return f"{command.tool} is called in a quoted script, perhaps for another user"
        if other_user(command):
            return f"{command.tool} runs as another user, whose home is not known here"
        if privilege.with_sudo(command) and not run.state.root:
            return "with sudo it may be in the home of either user"
    return ""


def other_user(command: Command) -> bool:
    """True when a wrapper hands the command to a named user."""
    wrappers = {word.value for word in command.wrappers}
    return bool(wrappers & {"gosu", "su-exec"}) or (
        "sudo" in wrappers and not wrappers.isdisjoint(("-u", "--user", "-i", "-H"))
    )


#: parts of the names of variables that say where a tool or its cache is
_MOVING: Final = frozenset({"HOME", "PATH", "CACHE", "DIR", "ROOT", "PREFIX"})


def _beside(run: Run, cache: Cache, filling: list[Command]) -> Change | style.Refusal:
    """Clean right behind the last command that filled; where that one may not run, behind each list's last one."""
    total = Change()
    lists: set[int] = set()
    for command in reversed(filling):
        moving = next((name for name, _ in command.environment if _MOVING & set(name.upper().split("_"))), "")
        if moving:
            return style.Refusal(f"{command.tool} gets a {moving} of its own, by which its cache may be another one")
        found = style.list_of(run.script.body, command) if run.script is not None and command.editable else None
        if found is not None and id(found[1]) in lists:
            continue
        change = style.after(run, command, _called_alike(cache.clean, command))
        if isinstance(change, style.Refusal):
            return change
        total += change
        if found is not None:
            lists.add(id(found[1]))
        if command.place.certain and command.place.own_shell:
            break
    return total


def _called_alike(clean: str, command: Command) -> str:
    """``clean`` as the author calls the tool: with its path, as the same user, ``php composer.phar`` included."""
    words = command.simple.words
    tool, _, rest = clean.partition(" ")
    wrapped = [word.value for word in command.wrappers]
    user = next((index for index, value in enumerate(wrapped) if value in ("sudo", "gosu", "su-exec")), None)
    start = (
        user
        if user is not None
        else next((at for at, value in enumerate(wrapped) if value and _php(value)), command.head)
    )
    same = tools.canonical(command.tool) == tool
    called = [word.raw for word in words[start : command.head]] + [words[command.head].raw if same else tool]
    return f"{' '.join(called)} {rest}"


def _php(word: str) -> bool:
    return posixpath.basename(word).rstrip("0123456789.") == "php"


def _needed(file: File, run: Run, cache: Cache) -> str:
    """What stands against deleting a cache that other commands of the image work with, or ""."""
    if not cache.needed_by:
        return ""
    user = uses.later(file, run, cache.needed_by)
    if user:
        return f"{user}, which needs {cache.what}"
    why = uses.workbench(file, run)
    if why:
        return f"{cache.what} may be wanted: {why}"
    for other in file.runs:
        if other.index < run.index and other.stage.ships and any(fills_it(one, cache, other) for one in other.commands):
            line = file.line(other.span.start)
            return f"line {line} filled {cache.what} in a layer below, where it stays whatever is deleted here"
    return ""
