"""What a command of a RUN reads of a project: nothing, the files by which it fetches dependencies, or what is not known.

Sources: the manuals that fetchers.toml names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from rewriter import posixpath
from rewriter.knowledge import fetchers, tools
from rewriter.knowledge.fetchers import Fetcher
from rewriter.model import paths
from rewriter.model.command import Command
from rewriter.model.file import Stage
from rewriter.model.run import Run
from rewriter.syntax.script import Word

#: how a path begins that stands for a WORKDIR which is not known
UNKNOWN: Final = "/${WORKDIR "
_ASKS_ITSELF: Final = ("--version", "-v", "-V", "--help", "-h")
_SHELLS: Final = ("sh", "bash", "dash", "ash", "su")
_PACKAGES: Final = (".deb", ".rpm", ".apk", ".tgz", ".whl", ".gem", ".tar.gz", ".zip")
#: options of an installation by name that read files
_FILES: Final = frozenset(
    "-e --editable -f --find-links -c --constraint -t --target --prefix --src --root -g --file -C --dir --cwd".split()
)


class Fetch(NamedTuple):
    """A call that fetches dependencies in ``folder``. ``named`` are the files that its options name, as absolute paths."""

    row: Fetcher
    run: Run
    command: Command
    folder: str
    named: tuple[str, ...]

    @property
    def text(self) -> str:
        """How it is spoken of."""
        return f"{self.command.tool} {self.command.subcommand} {self.row.second}".strip().replace("  ", " ")

    def has(self, option: str) -> bool:
        """True when an option, or a subcommand, is given."""
        return self.command.subcommand == option or self.command.has(option)

    @property
    def frozen(self) -> bool:
        """True where it certainly writes none of the files of the project."""
        known = {*self.run.state.environment, *(name for name, _ in self.command.environment)}
        return any(map(self.has, self.row.frozen)) or not known.isdisjoint(self.row.frozen_settings)


class Reads(NamedTuple):
    """A call that reads, or may read, more of the sources: ``why``. ``fetches`` where it fetches dependencies as well."""

    run: Run
    command: Command
    why: str
    fetches: bool = False


def unknown(stage: Stage, index: int) -> str:
    """What stands for the WORKDIR in front of an instruction, where it is not known: one that another WORKDIR sets is another."""
    last = max((step.index for step in stage.steps if step.name == "WORKDIR" and step.index < index), default=0)
    return f"{UNKNOWN}{last}}}"


def symbol(path: str) -> str:
    """The part of a path that stands for a WORKDIR which is not known; "" for none."""
    return path[: path.index("}") + 1] if path.startswith(UNKNOWN) else ""


def judged(run: Run, folders: Iterable[str]) -> Iterator[Fetch | Reads | None]:
    """Each command of a RUN, in the order of the text: None for one that reads and writes nothing in ``folders``."""
    targets = tuple(folders)
    for command in run.commands:
        yield _judged(run, command, targets)


def _judged(run: Run, command: Command, folders: tuple[str, ...]) -> Fetch | Reads | None:
    name, subcommand = tools.canonical(command.tool), command.subcommand
    written = _redirected(run, command, folders)
    if written:
        return Reads(run, command, written)
    if not command.tool:
        return Reads(run, command, f"{_shown(command)} may be any program") if command.simple.words else None
    if name in _SHELLS and any(other.outer is command for other in run.commands):
        return None
    row = fetchers.of(name)
    if row is not None and not subcommand and command.has(*_ASKS_ITSELF) and "-" not in row.calls:
        return None
    if row is not None and (subcommand or "-") in row.calls and not _by_name(command, name):
        return _fetch(run, command, row)
    why = fetchers.other(name, subcommand)
    if why and not command.has("-o", "--offline", "--no-restore", "--no-build"):
        return Reads(run, command, f"{_shown(command)} {why}", True)
    return (
        None
        if _quiet(command, name, run, folders)
        else Reads(run, command, f"{_shown(command)} may read or change the sources")
    )


def _redirected(run: Run, command: Command, folders: tuple[str, ...]) -> str:
    """What is said of a redirection from, or into, what may lie in the folders; ""."""
    for redirect in command.simple.redirects:
        word = redirect.target
        if redirect.body is not None or redirect.operator.endswith("&") or word.raw == "/dev/null":
            continue
        if _elsewhere(run, command, word, folders):
            continue
        return f"{_shown(command)} {redirect.operator} {word.raw} may name one of the sources"
    return ""


def _elsewhere(run: Run, command: Command, word: Word, folders: tuple[str, ...]) -> bool:
    """True for a path that lies in none of the folders, nor above one."""
    path = paths.literal(word, command, run.state)
    if path is None or not word.raw.startswith(("/", "~", "$HOME", "${HOME")):
        return False
    start = path.rstrip("/") or "/"
    return not any(paths.inside(start, folder) or paths.inside(folder, start) for folder in folders)


def _by_name(command: Command, name: str) -> bool:
    """True for an installation of what its operands name, which reads no file of the project."""
    signs = fetchers.installs_by_name(name)
    if not signs:
        return False
    if command.subcommand not in signs and not command.has(*signs):
        return False
    options = command.option_names - frozenset(signs)
    operands = command.operands[1:] if command.subcommand == "global" else command.operands
    return bool(operands) and options.isdisjoint(_FILES | _named(name)) and all(map(_is_name, operands))


def _named(name: str) -> frozenset[str]:
    row = fetchers.of(name)
    return frozenset() if row is None else row.named


def _is_name(word: Word) -> bool:
    """True for the name of a package, not of a file or a folder of the project."""
    text = word.raw.strip("\"'")
    if "://" in text:
        return not text.startswith("file:")
    slash = "/" in (text.partition("/")[2] if text.startswith("@") else text)
    return (text[:1].isalnum() or text[:1] in "@{") and not slash and not text.endswith(_PACKAGES)


def _quiet(command: Command, name: str, run: Run, folders: tuple[str, ...]) -> bool:
    """True for a command that is known to read and write nothing in the folders."""
    if f"{name} {command.subcommand}" in fetchers.quiet_calls():
        return True
    if not command.subcommand and command.has(*_ASKS_ITSELF) and name in fetchers.TOOLS:
        return True
    if name in fetchers.quiet("commands"):
        return name not in ("echo", "printf") or not any(word.pattern for word in command.arguments)
    if name in fetchers.quiet("packages"):
        return all(
            word.raw.lstrip("\"'")[:1] not in (".", "/", "~") and not word.raw.endswith(_PACKAGES)
            for word in command.operands
            if command.subcommand not in ("del", "remove", "purge")
        )
    if name == "mkdir" and command.has("-p", "--parents") and not command.has("-m", "--mode"):
        return True  # COPY gives a folder that is there its own owner and mode, as it does a new one
    if name in fetchers.quiet("files"):
        operands = command.operands[1:] if name in ("chown", "chmod") else command.operands
        return bool(operands) and all(_elsewhere(run, command, word, folders) for word in operands)
    return _by_name(command, name)


def _fetch(run: Run, command: Command, row: Fetcher) -> Fetch | Reads | None:
    shown = _shown(command)
    if row.second and (not command.operands or command.operands[0].value != row.second):
        why = fetchers.other(row.name, command.subcommand)
        return Reads(run, command, f"{shown} {why}", True)
    operands = () if row.bare else command.operands[1:] if row.second else command.operands
    given = any(command.has(option) for option in row.named)
    if row.named and not given and operands and all(map(_is_name, operands)):
        quiet = command.option_names.isdisjoint(_FILES)
        return None if quiet else Reads(run, command, f"{shown} may read or change the sources", True)
    allowed = _is_name if row.named else lambda word: word.value in row.calls
    odd = next((word.raw for word in operands if not allowed(word)), "")
    if odd:
        what = "names a file or folder of the project" if odd.lstrip("\"'")[:1] in "./" else "is told what to install"
        return Reads(run, command, f"{shown} {what}, and is not followed", True)
    if row.only and not any(command.has(option) for option in row.only):
        return Reads(run, command, row.lacks, True)
    odd = next((word.raw for word in command.options if not _known(word, row)), "")
    if odd.startswith(("-e", "--editable")) and row.named:
        return Reads(run, command, f"{shown} installs a project of its sources", True)
    if odd:
        return Reads(run, command, f"what {shown} reads with {odd.partition('=')[0]} is not known", True)
    setting = _setting(run, command, row)
    if setting:
        return Reads(run, command, f"{setting} tells {row.name} what to read, which is not followed", True)
    folder = _folder(run, command)
    if folder is None:
        return Reads(run, command, f"the folder in which {shown} works is not known", True)
    named: list[str] = []
    for text in _values(command, row.named):
        if text is None or "://" in text:
            return Reads(run, command, f"which file {shown} reads is only known when building", True)
        named.append(posixpath.normpath(posixpath.join(folder, text)))
    if row.named and not named:
        return Reads(run, command, f"{shown} names nothing to install", True)
    return Fetch(row, run, command, folder, tuple(named))


def _known(word: Word, row: Fetcher) -> bool:
    """True for an option that changes nothing in what is read; short ones may stand in one word."""
    text = word.value or word.raw
    name = text.partition("=")[0]
    if name in row.options or name in row.frozen or name in row.named:
        return True
    short = text[:1] == "-" != text[1:2]
    letters = [f"-{letter}" for letter in text[1:]]
    return short and ((text[:2] in row.options and row.name != "npm") or all(one in row.options for one in letters))


def _setting(run: Run, command: Command, row: Fetcher) -> str:
    """A variable that may name other files, "" for none."""
    names = {*run.state.environment, *(name for one in run.commands for name, _ in one.environment)}
    names |= {one.name for other in run.commands for one in other.simple.assignments}
    names |= {(word.value or word.raw).partition("=")[0] for other in run.uses("export") for word in other.arguments}
    known = {name.lower() for name in row.settings_known}
    starts = tuple(start.lower() for start in row.settings)
    frozen = row.frozen_settings
    odd = (one for one in sorted(names) if one.lower().startswith(starts) and one not in frozen) if starts else ()
    return next((one for one in odd if one.lower().replace("-", "_") not in known), "")


def _folder(run: Run, command: Command) -> str | None:
    """The folder in which a command works."""
    if command.cwd is not None:
        return command.cwd
    moved = any(other.tool in ("cd", "pushd") or other.moves for other in run.commands)
    return None if run.state.workdir or moved else unknown(run.stage, run.index)


def _values(command: Command, options: frozenset[str]) -> Iterator[str | None]:
    """The values of all options of these names: the word behind one, or what stands in the same word."""
    words = iter(command.arguments)
    for word in words:
        text = word.value or word.raw
        if text in options:
            following = next(words, None)
            yield None if following is None else following.value
            continue
        for option in options:
            glued = text.startswith(f"{option}=") if option[:2] == "--" else text[:2] == option
            if glued:
                yield None if word.value is None else word.value[len(option) :].lstrip("=")


def undoes(command: Command) -> bool:
    """True for a command that deletes: in a layer of its own it would take nothing out of the one before."""
    words = fetchers.quiet("undoes")
    given = {command.subcommand, *(word.value or "" for word in command.operands[:1])}
    return command.tool in words or not words.isdisjoint(given)


def _shown(command: Command) -> str:
    return " ".join(command.words_text.split()[:3])[:60]
