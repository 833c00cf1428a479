"""What later RUNs take back of what earlier ones stored: bytes that no layer keeps once the RUNs are one.

First what is seen on both sides, each with its line: the same package, cache or path. Then what may be: a later part deletes or
changes something where an earlier one unpacked, installed, or ran a program.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain
from typing import Final

from rewriter.knowledge import filetools
from rewriter.knowledge.caches import Cache, all_caches
from rewriter.model import apt, cache_filled, effects, leftovers, package_managers, paths
from rewriter.model.caches import span_of
from rewriter.model.command import Command
from rewriter.model.effects import Effect, Effects, Made
from rewriter.model.file import File
from rewriter.model.run import Run

#: commands that delete or move what their words name
_DELETING: Final = frozenset("rm rmdir unlink mv".split()).union(filetools.REPLACERS)
#: commands that rewrite files: how many of their operands come before the names
_CHANGING: Final = {"chmod": 1, "chown": 1, "chgrp": 1, "strip": 0}
_FILES: Final = _DELETING.union(_CHANGING, ("find",))
#: subcommands that remove packages or empty caches
_CALLS: Final = frozenset(
    "clean clean-all autoclean autoremove purge remove del erase uninstall prune cache rm distclean store".split()
)
#: where packages put their files; what lies there and is no package's: lists and caches have a word of their own
_PACKAGED: Final[Sequence[str]] = ("/usr", "/var", "/etc", "/lib", "/bin", "/sbin")
_NOT_PACKAGED: Final[Sequence[str]] = ("/usr/local", "/usr/src", "/var/lib/apt", "/var/cache", "/var/tmp")
#: where the packages of a language go
_LANGUAGES: Final = ("/usr/local", "/usr/lib")
#: what makes files that it does not name in a directory that it names
_UNPACKING: Final = ("tar", "unzip")
#: how a verb ends that does something to some of the files of a directory
_IN: Final = " files in"


def fact(file: File, runs: Sequence[Run]) -> str:
    """What a later one of the RUNs takes back, as a clause: ``line 7 deletes /opt/x.zip, which line 5 stored``; what it may
    take back where nothing is known for sure; "" when nothing is seen."""
    pairs: list[_Pair] = []
    for at, later in enumerate(runs):
        taking = [command for command in later.commands if _shrinks(command)] if at else []
        if taking:
            pairs += ((earlier, later, taking) for earlier in runs[:at])
    for pair in pairs:
        for one in chain(_packages(*pair), _cached(*pair), _deleted(*pair)):
            return _said(file, one)
    found = _lists(file, runs)
    may_be = [] if found else [one for pair in pairs for one in _perhaps(*pair)]
    return _said(file, next(filter(_named_alike, may_be), may_be[0])) if may_be else found


def _shrinks(command: Command) -> bool:
    tool = command.tool
    return tool in _DELETING or tool in _CHANGING or command.subcommand in _CALLS or _searches(command)


def _searches(command: Command) -> bool:
    """True for a ``find`` that deletes or changes what it finds."""
    if command.tool != "find" or not command.has("-delete", "-exec"):
        return False
    called = {word.value for word in command.arguments}
    return not called.isdisjoint(("-delete", *_DELETING, *_CHANGING))


#: two of the RUNs, and the commands of the second that may take something back
_Pair = tuple[Run, Run, list[Command]]
#: both RUNs with their commands, and what is said between and behind their lines
_Found = tuple[Run, Command, Run, Command, str, str]


def _said(file: File, found: _Found) -> str:
    later, taking, earlier, storing, what, how = found
    here, there = (file.line(span_of(*one).start) for one in ((later, taking), (earlier, storing)))
    return f"line {here} {what}, {how.format(f'line {there}')}"


def _named_alike(found: _Found) -> bool:
    """True when what is taken back has a name out of the command that may have stored it: /etc/nginx of ``install nginx``."""
    pieces = found[4].replace("/", " ").split()
    return any(word.value in pieces for word in found[3].operands)


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
    taken = _effects(later, taking)
    found = effects.of(earlier) if taken else effects.NONE
    made = [one for one in found.makes if one.kind != "directory"]
    for effect in taken if made else ():
        for verb, pattern, trees in _taken(effect):
            for one in made:
                if _is_it(pattern, one, trees) and _left(earlier, found, one):
                    what = f"{verb} {leftovers.shown(one.path if one.kind != 'below' else pattern)}"
                    yield later, effect.command, earlier, one.command, what, "which {} stored"


def _left(run: Run, found: Effects, made: Made) -> bool:
    """True when what the RUN made is in its layer."""
    return not found.local(made.path) and not leftovers.gone(found, made) and not run.mounted(made.path)


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
    last: tuple[Run, Command] | None = None
    for run in runs:
        fetch = apt.last_fetch(run)
        if fetch is not None:
            last = run, fetch
            continue
        reader = apt.first_reader(run) if last is not None else None
        if reader is not None and last is not None and not apt.clears(last[0], last[1].start):
            here, there = (file.line(span_of(*one).start) for one in ((run, reader), last))
            return f"line {here} installs from the apt lists that line {there} fetched, which one layer can delete"
    return ""


def _perhaps(earlier: Run, later: Run, taking: list[Command]) -> Iterator[_Found]:
    """What the other deletes or changes where the one unpacked, installed, or ran a program that may write there."""
    taken = [
        (effect.command, *one) for effect in _effects(later, taking) for one in (*_taken(effect), *_searched(effect))
    ]
    own = [made for made in effects.of(later).makes if made.kind != "directory"] if taken else ()
    taken = [one for one in taken if not any(_own(one[2], made) for made in own)]
    for effect in effects.of(earlier).each if taken else ():
        installs, tool = (
            package_managers.does(effect.command, package_managers.INSTALLS),
            effect.command.tool or "a command",
        )
        places = _PACKAGED if installs else _written(effect)
        for command, verb, pattern, trees in taken if places else ():
            if installs and _of_no_package(earlier, pattern):
                continue
            inside = any(pattern != place and paths.inside(pattern, place) for place in places)
            if inside and not verb.endswith(_IN) and (trees or (installs and verb != "changes")):
                how = f"which {tool} in {{}} may have made"
            elif trees and (inside or any(leftovers.deletes(pattern, place) for place in places)):
                how = f"where {tool} in {{}} may have put files"
            else:
                continue
            yield later, command, earlier, effect.command, f"{verb} {leftovers.shown(pattern)}", how


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


def _written(effect: Effect) -> Sequence[str]:
    """The directories into which a program may have put files that it does not name; the root says nothing."""
    places = [one.path for one in effect.makes if one.kind == "below"] if effect.command.tool in _UNPACKING else []
    if effect.project:
        places += _LANGUAGES
    if effect.cwd is not None and (effect.project or effect.anything):
        places.append(effect.cwd)
    return [place for place in places if place != "/"]


def _of_no_package(run: Run, pattern: str) -> bool:
    """True for what packages do not bring, or the RUN itself took away again."""
    return any(paths.inside(pattern, one) for one in _NOT_PACKAGED) or run.removes(pattern.rstrip("/*"))
