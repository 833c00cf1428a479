"""What later RUNs take back of what earlier ones stored: bytes that no layer keeps once the RUNs are one.

First what is seen on both sides, each with its line: the same package, cache or path. Then what may be: a later part deletes or
changes something where an earlier one unpacked, installed, or ran a program.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain

from rewriter.knowledge import filetools
from rewriter.knowledge.caches import Cache, all_caches
from rewriter.model import apt, cache_filled, effects, leftovers, package_managers, paths
from rewriter.model.caches import span_of
from rewriter.model.command import Command
from rewriter.model.effects import Effect, Made
from rewriter.model.file import File
from rewriter.model.run import Run

#: commands that delete or move what their words name
_DELETING = frozenset("rm rmdir unlink mv".split()).union(filetools.REPLACERS)
#: commands that rewrite files: how many of their operands come before the names
_CHANGING = {"chmod": 1, "chown": 1, "chgrp": 1, "strip": 0}
_FILES = _DELETING.union(_CHANGING, ("find",))
#: subcommands that remove packages or empty caches
_CALLS = frozenset(
    "clean clean-all autoclean autoremove purge remove del erase uninstall prune cache rm distclean store".split()
)
#: where packages put their files; what lies there and is no package's: lists and caches have a word of their own
_PACKAGED = ("/usr", "/var", "/etc", "/lib", "/bin", "/sbin")
_NOT_PACKAGED = ("/usr/local", "/usr/src", "/var/lib/apt", "/var/cache", "/var/tmp")
#: where the packages of a language go
_LANGUAGES = ("/usr/local", "/usr/lib")
#: how a verb ends that does something to some of the files of a directory
_IN = " files in"


def fact(file: File, runs: Sequence[Run]) -> str:
    """What a later one of the RUNs takes back, as a clause: ``line 7 deletes /opt/x.zip, which line 5 stored``; what it may
    take back where nothing is known for sure; "" when nothing is seen."""
    perhaps = _lists(file, runs)
    for at, later in enumerate(runs):
        taking = [command for command in later.commands if _shrinks(command)] if at else []
        for earlier in runs[:at] if taking else ():
            known = chain(
                _packages(earlier, later, taking), _cached(earlier, later, taking), _deleted(earlier, later, taking)
            )
            for one in known:
                return _said(file, one)
            perhaps = perhaps or next((_said(file, one) for one in _perhaps(earlier, later, taking)), "")
    return perhaps


def _shrinks(command: Command) -> bool:
    tool = command.tool
    return tool in _DELETING or tool in _CHANGING or command.subcommand in _CALLS or _searches(command)


def _searches(command: Command) -> bool:
    """True for a ``find`` that deletes or changes what it finds."""
    if command.tool != "find" or not command.has("-delete", "-exec"):
        return False
    called = {word.value for word in command.arguments}
    return not called.isdisjoint(("-delete", *_DELETING, *_CHANGING))


#: both RUNs with their commands, and what is said between and behind their lines
_Found = tuple[Run, Command, Run, Command, str, str]


def _said(file: File, found: _Found) -> str:
    later, taking, earlier, storing, what, how = found
    here, there = (file.line(span_of(*one).start) for one in ((later, taking), (earlier, storing)))
    return f"line {here} {what}, {how.format(f'line {there}')}"


# What is seen on both sides -------------------------------------------------------------------------------------------


def _packages(earlier: Run, later: Run, taking: list[Command]) -> Iterator[_Found]:
    """Packages that the one installs and the other removes."""
    for command in taking:
        if not package_managers.does(command, package_managers.REMOVES):
            continue
        gone = set(package_managers.named(command))
        for storing in earlier.commands:
            if package_managers.does(storing, package_managers.INSTALLS):
                put = [name for family, name in package_managers.named(storing) if (family, name) in gone]
                group = package_managers.virtual(storing) if storing.tool == "apk" else ""
                put += [group] if group and ("apk", group) in gone else []
                if put:
                    yield later, command, earlier, storing, f"removes {put[0]}", "which {} installed"


def _cached(earlier: Run, later: Run, taking: list[Command]) -> Iterator[_Found]:
    """Lists and caches that the one fills and leaves, and the other empties."""
    if all(command.tool in _CHANGING for command in taking):
        return
    fetch = apt.last_fetch(earlier)
    if fetch is not None and not apt.clears(earlier, fetch.start):
        for command in taking:
            if apt.deletes_lists(later, command):
                yield later, command, earlier, fetch, "deletes the apt lists", "which {} fetched"
    for tool in sorted(earlier.tools):
        for kind in _filled_by(tool):
            for storing in cache_filled.filled(earlier, kind):
                emptied = cache_filled.emptied(later, kind, earlier, storing)
                if emptied is not None:
                    yield later, emptied, earlier, storing, f"empties {kind.what}", "which {} filled"


@cache
def _filled_by(tool: str) -> tuple[Cache, ...]:
    return tuple(one for one in all_caches() if tool in one.tools)


def _deleted(earlier: Run, later: Run, taking: list[Command]) -> Iterator[_Found]:
    """Files that the one makes and leaves, and the other deletes or changes."""
    found = effects.of(earlier)
    made = [one for one in found.makes if one.kind != "directory" and not found.local(one.path)]
    left = [one for one in made if not leftovers.gone(found, one) and not earlier.mounted(one.path)]
    for effect in _effects(later, taking) if left else ():
        for verb, pattern, trees in _taken(effect):
            for one in left:
                if _is_it(pattern, one, trees):
                    what = f"{verb} {leftovers.shown(one.path if one.kind != 'below' else pattern)}"
                    yield later, effect.command, earlier, one.command, what, "which {} stored"


def _effects(run: Run, taking: list[Command]) -> list[Effect]:
    """What those of the RUN's commands do to files that delete or change them."""
    if all(command.tool not in _FILES for command in taking):
        return []
    return [effect for effect in effects.of(run).each if effect.command.tool in _FILES]


def _is_it(pattern: str, made: Made, trees: bool) -> bool:
    if made.kind == "file" and not trees:
        return effects.same(pattern, made.path)
    return trees and leftovers.deletes(pattern, made.path)


def _taken(effect: Effect) -> Iterator[tuple[str, str, bool]]:
    """What the command deletes or changes: the verb, the path or pattern, and whether all below it is meant too."""
    command = effect.command
    moves = command.tool == "mv"
    for path in effect.deletes if command.tool != "find" else ():  # which of the files it means is not known
        yield "moves" if moves else "deletes", path, moves or command.has("-r", "-R", "--recursive") or "*" in path
    if command.tool in _CHANGING:
        for word in command.operands[_CHANGING[command.tool] :]:
            named = effect.path(word)
            if named is not None:
                yield "changes", named, command.has("-R", "--recursive")


# What may be ----------------------------------------------------------------------------------------------------------


def _lists(file: File, runs: Sequence[Run]) -> str:
    """The lists that one fetches and leaves, and another installs from: only when both are one can they go."""
    left: tuple[Run, Command] | None = None
    for run in runs:
        fetch = apt.last_fetch(run)
        reader = apt.first_reader(run) if left is not None and fetch is None else None
        if reader is not None and left is not None:
            here, there = (file.line(span_of(*one).start) for one in ((run, reader), left))
            return (
                f"line {here} installs from the apt lists, which line {there} fetched: behind both they can be deleted"
            )
        if fetch is not None:
            left = None if apt.clears(run, fetch.start) else (run, fetch)
    return ""


def _perhaps(earlier: Run, later: Run, taking: list[Command]) -> Iterator[_Found]:
    """What the other deletes or changes where the one unpacked, installed, or ran a program that may write there."""
    own = [made for made in effects.of(later).makes if made.kind != "directory"]
    for effect in _effects(later, taking):
        for verb, pattern, trees in (*_taken(effect), *_searched(effect)):
            if any(_own(pattern, made) for made in own):
                continue
            for other in effects.of(earlier).each:
                inside, around = _written(other, earlier, pattern)
                tool = other.command.tool or "a command"
                if trees and (around or (inside and verb.endswith(_IN))):
                    how = f"where {tool} in {{}} may have put files"
                elif inside and (trees or (verb != "changes" and _installs(other.command))):
                    how = f"which {tool} in {{}} may have made"
                else:
                    continue
                yield later, effect.command, earlier, other.command, f"{verb} {leftovers.shown(pattern)}", how


def _searched(effect: Effect) -> Iterator[tuple[str, str, bool]]:
    """The directories in which a ``find`` deletes or changes what it finds, as ``_taken`` says it."""
    command = effect.command
    if _searches(command):
        deletes = command.has("-delete") or any(word.value == "rm" for word in command.arguments)
        for path in effect.deletes:
            yield ("deletes" if deletes else "changes") + _IN, path, True


def _own(pattern: str, made: Made) -> bool:
    """True when the later part rather takes back what it made itself."""
    if effects.same(pattern, made.path) or ("*" in pattern and leftovers.deletes(pattern, made.path)):
        return True
    return made.kind != "file" and made.path != "/" and paths.inside(pattern, made.path)


def _written(other: Effect, run: Run, pattern: str) -> tuple[bool, bool]:
    """Whether the command may have made the path, and whether it may have put files into it."""
    places = [one.path for one in other.makes if one.kind == "below"]
    if (other.anything or other.project) and other.cwd is not None:
        places.append(other.cwd)
    if _installs(other.command):
        of_others = any(paths.inside(pattern, one) for one in _NOT_PACKAGED) or run.removes(pattern.rstrip("/*"))
        places += () if of_others else _PACKAGED
    elif other.project:
        places += _LANGUAGES
    inside = any(place != "/" and pattern != place and paths.inside(pattern, place) for place in places)
    return inside, any(place != "/" and leftovers.deletes(pattern, place) for place in places)


def _installs(command: Command) -> bool:
    return package_managers.does(command, package_managers.INSTALLS)
