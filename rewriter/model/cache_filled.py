"""Whether a RUN fills a cache and leaves it filled: who fills it, where it lies, and whether the author cleans it."""

from __future__ import annotations

from collections.abc import Iterator

from rewriter import posixpath
from rewriter.glob import matches
from rewriter.knowledge import tools
from rewriter.knowledge.caches import Cache
from rewriter.model import paths
from rewriter.model.command import Command
from rewriter.model.run import Run
from rewriter.syntax.script import Word


def filled(run: Run, cache: Cache) -> list[Command]:
    """The commands of the RUN that fill the cache, without those after which the RUN cleans it."""
    if run.tools.isdisjoint(cache.tools):
        return []
    filling = [one for one in run.commands if fills_it(one, cache, run)]
    cleaning = _cleaning(run, cache) if filling else []
    return [one for one in filling if not _cleaned(run, cache, one, cleaning)] if cleaning else filling


def emptied(run: Run, cache: Cache, filler: Run, command: Command) -> Command | None:
    """The command of ``run`` that cleans what ``command`` of the earlier RUN ``filler`` has put into the cache."""
    cleaning = _cleaning(run, cache)
    return cleaning[0] if _empties(run, cleaning, cache, directories(cache, filler, command)) else None


# Who fills it, and where does it lie? ---------------------------------------------------------------------------------


def fills_it(command: Command, cache: Cache, run: Run) -> bool:
    """True when the command fills the cache, and neither an option nor a variable nor a mount keeps it out of the layer."""
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
        mount.type in ("cache", "tmpfs", "bind") and (mount.target is None or covers(mount.target, directory))
        for mount in run.mounts
    )


def covers(path: str, directory: str) -> bool:
    """``/home/me/.cache`` covers ``~/.cache/pip``, ``/opt/conda/pkgs`` covers ``*/pkgs``."""
    if directory.startswith("*"):
        return matches(path, directory)
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
    return _empties(run, later, cache, directories(cache, run, command))


def _empties(run: Run, cleaning: list[Command], cache: Cache, found: tuple[str, ...]) -> bool:
    """True when one of the ``cleaning`` commands of the RUN is the cache's own, or they delete all the directories."""
    deleting = [other for other in cleaning if other.tool in paths.DELETERS]
    if len(deleting) < len(cleaning):
        return True
    if not deleting:
        return False
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
    shape = directory if directory[0] in "~*" else "~" + below_home(directory, run)
    if shape == "~":
        return False
    for other in later:
        for word in _removed(other):
            known = word.value is not None and not word.pattern and not word.value.startswith("~")
            if known and directory.startswith("/"):
                continue  # compared above
            if covers(bare(word), shape):
                return True
    return False


def below_home(directory: str, run: Run) -> str:
    """``/.cache/pip`` of ``/root/.cache/pip``; "" when the directory is not in the home."""
    home = run.state.home
    return directory[len(home) :] if home and directory.startswith(home + "/") else ""


def _removed(command: Command) -> tuple[Word, ...]:
    return command.operands if command.tool == "rm" and command.has("-r", "-R", "--recursive") else ()


def bare(word: Word) -> str:
    """The word without quotes, and without the ``/*`` at its end."""
    text = word.raw.replace('"', "").replace("'", "")
    while text.endswith(("/*", "/.*", "/", "/*.gem")):
        text = text.rpartition("/")[0]
    return text


def _names(word: Word, name: str) -> bool:
    return bare(word) in (f"${name}", f"${{{name}}}")
