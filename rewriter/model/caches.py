"""The one way in which a kept cache is found and cured; each transform names its row of the knowledge."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from typing import NamedTuple

from rewriter.knowledge import tools
from rewriter.knowledge.caches import Cache
from rewriter.model import paths, privilege, style, uses
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.model.shipping import Unshipped
from rewriter.rule import Change, Decline, Finding, Safety
from rewriter.syntax.script import Word
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
        filling = [one for one in run.commands if _fills(one, cache, run) and fills(one)]
        cleaning = _cleaning(run, cache) if filling else []
        filling = [one for one in filling if not _cleaned(run, cache, one, cleaning)] if cleaning else filling
        if not filling:
            continue
        at = span_of(run, filling[0])
        if not run.stage.ships:
            yield from unshipped.once(run.stage, at)
            continue
        called = filling[0].arguments[:1] if not cache.subcommands else ()  # pacman -S
        first = " ".join([filling[0].tool, *([one.raw for one in called] or filter(None, [filling[0].subcommand]))])
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


# Is the cache filled? -------------------------------------------------------------------------------------------------


def _fills(command: Command, cache: Cache, run: Run) -> bool:
    if tools.canonical(command.tool) not in cache.tools:
        return False
    named = {command.subcommand, nested(command) or command.subcommand}
    if cache.subcommands and named.isdisjoint(cache.subcommands):
        return False
    if command.has(*cache.off_by, *cache.unless):
        return False
    if any(variable(run, command, name) != "" for name in cache.off_by_environment):
        return False
    return not any(mounted(run, directory) for directory in (*directories(cache, run, command), *cache.elsewhere))


def nested(command: Command) -> str:
    """``pip install`` of ``uv pip install x``; "" where no second word follows the subcommand."""
    return f"{command.subcommand} {command.operands[0].value}" if command.operands else ""


def variable(run: Run, command: Command, name: str) -> str | None:
    """The value of a variable for this command; None when it is set to something unknown, "" when unset."""
    value = run.state.environment.get(name, "")
    for other, found in exported(run, command):
        if other == name:
            value = found
    return value


def exported(run: Run, command: Command) -> Iterator[tuple[str, str | None]]:
    """The variables that the RUN exports or assigns before the command, then those of the command's own prefix."""
    for other in run.reading.assigning:
        if other.start >= command.start:
            break
        if not other.simple.words:
            for assignment in other.simple.assignments:
                yield assignment.name, assignment.value.value if assignment.value else ""
        else:
            for word in other.arguments:
                name, assigned, value = word.raw.partition("=")
                if assigned:
                    yield name, value.strip("\"'") if "$" not in value else None
    yield from command.environment


def directories(cache: Cache, run: Run, command: Command | None = None) -> tuple[str, ...]:
    """The cache's directories as absolute paths; those below an unknown home stay as ``~/...``."""
    home = run.state.home
    found = []
    for path in cache.directories:
        root = variable(run, command, "XDG_CACHE_HOME") if command is not None and path.startswith("~/.cache") else ""
        if root:
            path = posixpath.normpath(root + path[len("~/.cache") :])
        found.append(home + path[1:] if path.startswith("~") and home else path)
    if command is not None:
        moved = [variable(run, command, name) for name in cache.moved_by]
        return tuple(value for value in moved if value) or tuple(found)
    return tuple(found)


def mounted(run: Run, directory: str) -> bool:
    """True when a mount lies over the directory or may do. Below an unknown home it is known by the end of its path."""
    if directory.startswith("/"):
        return run.mounted(directory) or any(
            mount.type == "cache" and mount.target is not None and paths.inside(mount.target, directory)
            for mount in run.mounts
        )
    return any(
        mount.type in ("cache", "tmpfs", "bind") and (mount.target is None or _covers(mount.target, directory))
        for mount in run.mounts
    )


def _covers(path: str, directory: str) -> bool:
    """``/home/me/.cache`` covers ``~/.cache/pip``, ``/opt/conda/pkgs`` covers ``*/pkgs``."""
    if directory.startswith("*"):
        return fnmatch(path, directory)
    tail = directory[1:]  # /.cache/pip: its first directory is in the home, so a path must end with that at least
    while tail.count("/") > 1:
        if path.endswith(tail):
            return True
        tail = posixpath.dirname(tail)
    return path.endswith(tail)


# Does the author clean it? --------------------------------------------------------------------------------------------


def _cleaning(run: Run, cache: Cache) -> list[Command]:
    """The commands of the RUN that clean the cache, or delete what may be its directories."""
    return [c for c in run.commands if c.tool in paths.DELETERS or any(does(c, one) for one in cache.cleaned_by)]


def _cleaned(run: Run, cache: Cache, command: Command, cleaning: list[Command]) -> bool:
    """True when a later one of the ``cleaning`` commands is the cache's own, or they delete all its directories."""
    after = command.start if command.editable else 0
    later = [other for other in cleaning if other.start >= after or not other.editable]
    deleting = [other for other in later if other.tool in paths.DELETERS]
    if len(deleting) < len(later):
        return True
    if not deleting:
        return False
    found = directories(cache, run, command)
    if found and all(_deleted(run, directory, deleting) for directory in found):
        return True
    if any(_deleted(run, directory, deleting) for directory in cache.elsewhere):
        return True
    return any(_names(word, name) for name in cache.moved_by for other in deleting for word in _removed(other))


def does(command: Command, text: str) -> bool:
    """True when the command is what ``text`` says: its tool, its first words, and the options that are named."""
    tool, _, rest = text.partition(" ")
    if tools.canonical(command.tool) != tool:
        return False
    words = rest.split()
    expected = [word for word in words if not word.startswith("-")]
    given = [command.subcommand, *(word.value or "" for word in command.operands)]
    options = [word for word in words if word.startswith("-")]
    return given[: len(expected)] == expected and all(command.has(option) for option in options)


def _deleted(run: Run, directory: str, later: list[Command]) -> bool:
    if directory.startswith("/") and any(
        paths.inside(directory, gone) for other in later for gone in paths.emptied(other, run.state)
    ):
        return True
    shape = directory if directory[0] in "~*" else "~" + _below_home(directory, run)
    if shape == "~":
        return False
    for other in later:
        for word in _removed(other):
            known = word.value is not None and not word.pattern and not word.value.startswith("~")
            if known and directory.startswith("/"):
                continue  # compared above
            if _covers(_bare(word), shape):
                return True
    return False


def _below_home(directory: str, run: Run) -> str:
    """``/.cache/pip`` of ``/root/.cache/pip``; "" when the directory is not in the home."""
    home = run.state.home
    return directory[len(home) :] if home and directory.startswith(home + "/") else ""


def _removed(command: Command) -> tuple[Word, ...]:
    return command.operands if command.tool == "rm" and command.has("-r", "-R", "--recursive") else ()


def _bare(word: Word) -> str:
    """The word without quotes, and without the ``/*`` at its end."""
    text = word.raw.replace('"', "").replace("'", "")
    while text.endswith(("/*", "/.*", "/", "/*.gem")):
        text = text.rpartition("/")[0]
    return text


def _names(word: Word, name: str) -> bool:
    return _bare(word) in (f"${name}", f"${{{name}}}")


# Does anything else use it? -------------------------------------------------------------------------------------------


class _Naming(NamedTuple):
    """A path that a command or a COPY out of a stage names; ``step`` is the instruction, ``start`` the command."""

    step: int
    start: int
    path: str


#: they do not need what they name to be there
_SILENT = frozenset("rm rmdir find echo printf export mkdir test [".split())


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
                    _Naming(run.index, command.start, _bare(word)) for word in command.arguments if "/" in word.raw
                ]
    for stage in file.stages:
        for step in stage.steps:
            if step.name == "COPY" and any(flag.name == "from" for flag in step.instruction.flags):
                sources = (step.instruction.args or tuple(step.instruction.body.text.split()))[:-1]
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
        in_home = bool(_below_home(directory, run)) and path.startswith(f"{run.state.home}/")
        return paths.inside(path, directory) or (in_home and paths.inside(directory, path))
    below = _below_home(directory, run) if directory[0] == "/" else directory[1:]
    return bool(below) and (_covers(path, "~" + below) or below + "/" in path)


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
    if not cache.older_from and not any(fnmatch(image, pattern) for pattern in cache.older_in):
        return ""
    earlier = before(run, command)
    installers = (posixpath.basename(word.raw) for other in earlier for word in other.arguments)
    old = image if any(fnmatch(image, pattern) for pattern in cache.older_in) else ""
    old = old or next((name for name in installers if any(fnmatch(name, one) for one in cache.older_from)), "")
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
_MOVING = frozenset({"HOME", "PATH", "CACHE", "DIR", "ROOT", "PREFIX"})


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
        if other.index < run.index and other.stage.ships and any(_fills(one, cache, other) for one in other.commands):
            line = file.line(other.span.start)
            return f"line {line} filled {cache.what} in a layer below, where it stays whatever is deleted here"
    return ""
