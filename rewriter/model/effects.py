"""What the commands of a RUN do to files: which paths they make, read, unpack and delete.

A path is absolute; or it begins with ``.``, the WORKDIR of the base image, which is not known but constant (``.12``
when instruction 12 set it to something that is not known); or with ``${NAME}``, a variable of unknown value. Two equal
paths of one RUN are the same file; paths with a variable that a RUN assigns itself mean nothing to another RUN.
"""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Iterator
from typing import NamedTuple
from weakref import WeakKeyDictionary

from rewriter.knowledge import filetools, tools
from rewriter.model import paths
from rewriter.model.command import Command, command_of
from rewriter.model.effect import Effect as Effect
from rewriter.model.effect import Effects as Effects
from rewriter.model.effect import Made as Made
from rewriter.model.effect import Unpacked as Unpacked
from rewriter.model.effect import join as join
from rewriter.model.effect import mentions as mentions
from rewriter.model.effect import reads as reads
from rewriter.model.effect import same as same
from rewriter.model.run import Run, nested_script
from rewriter.model.scope import State
from rewriter.model.walk import Place, Walker
from rewriter.syntax.script import Assignment, For, Script, Simple, Word
from rewriter.syntax.script import Command as Node
from rewriter.syntax.shell import read_shell

_KNOWN: WeakKeyDictionary[Run, Effects] = WeakKeyDictionary()


def of(run: Run) -> Effects:
    """The effects of ``run``; none when its script cannot be read. The same object as long as the RUN lives."""
    found = _KNOWN.get(run)
    if found is None:
        found = _KNOWN[run] = _read(run)
    return found


def _read(run: Run) -> Effects:
    if run.script is None:
        return Effects((), None, frozenset())
    walker = _Tracker(base(run), run.state)
    each = tuple(_walk(walker, run.script, None, 0))
    return Effects(each, walker.cwd, frozenset(walker.own))


def base(run: Run) -> str:
    """The directory in which the RUN starts."""
    if run.state.workdir:
        return run.state.workdir
    if run.state.workdir is None:
        return "."
    indexes = [step.index for step in run.stage.steps if step.name == "WORKDIR" and step.index < run.index]
    return f".{max(indexes, default=0)}"


# Following a script --------------------------------------------------------------------------------------------------


class _Tracker(Walker):
    """A walker that knows directories relative to an unknown one, and the variables that the script itself sets."""

    def __init__(self, cwd: str | None, state: State) -> None:
        super().__init__(cwd)
        self.state = state
        self.own: set[str] = set()

    def command(self, command: Node, place: Place) -> Iterator[tuple[Simple, Place, str | None]]:
        if isinstance(command, For):
            self.assign(command.name, None)
        yield from Walker.command(self, command, place)

    def _follow(self, command: Simple, place: Place) -> None:
        for assignment in command.assignments if not command.words else ():
            self.assign(assignment.name, self.value(assignment) if place.certain else None)
        if not command.words:
            return
        name = command.words[0].value
        if name in ("export", "declare", "local", "readonly", "typeset"):
            for word in command.words[1:]:
                variable, equals, value = (word.value or word.raw).partition("=")
                if equals:
                    self.assign(variable, value if word.value is not None and place.certain else None)
        elif name == "read":
            for word in command.words[1:]:
                self.assign(word.raw, None)
        elif name in ("cd", "pushd", "popd"):
            operands = [word for word in command.words[1:] if word.raw not in ("--", "-P", "-L")]
            text = paths.symbolic(operands[0], self.state) if len(operands) == 1 and name != "popd" else None
            if not operands and name == "cd":
                text = self.state.home
            known = text is not None and text != "-" and place.certain and not (operands and operands[0].pattern)
            self.cwd = join(self.cwd, text) if known and text else None

    def value(self, assignment: Assignment) -> str | None:
        if assignment.elements is not None:
            return None
        text = "" if assignment.value is None else paths.symbolic(assignment.value, self.state)
        return None if text is None or "$" in text else text

    def assign(self, name: str, value: str | None) -> None:
        """From here on the variable has this value; a second unknown one makes all paths with it unknown."""
        name = name.rstrip("+")
        values = dict(self.state.environment)
        if value is None and name in self.own:
            values[name] = "$"  # paths.symbolic gives up on it
        else:
            values[name] = value
        if value is None:
            self.own.add(name)
        self.state = self.state._replace(environment=values)


def _walk(walker: _Tracker, script: Script, outer: Place | None, depth: int) -> Iterator[Effect]:
    for simple, inner, cwd in walker.script(script):
        place = inner
        if outer is not None:
            place = Place(False, inner.certain and outer.certain, outer.background, outer.piped)
        command = command_of(simple, place, cwd, outer is None)
        nested = nested_script(command) if depth < 3 else None
        if nested is None:
            yield _effect(command, cwd, walker.state)
            continue
        end = walker.cwd
        yield from _walk(walker, nested, place, depth + 1)
        walker.cwd = end


# One command ---------------------------------------------------------------------------------------------------------


def _effect(command: Command, cwd: str | None, state: State) -> Effect:
    reader = _Reader(command, cwd, state)
    effect = Effect(command, cwd)
    if command.tool or not command.simple.assignments:
        effect = reader.effect()
    makes = tuple(reader.redirected())
    return effect._replace(makes=(*effect.makes, *makes)) if makes else effect


class _Reader(NamedTuple):
    """Reads one command line."""

    command: Command
    cwd: str | None
    state: State

    def path(self, word: Word) -> str | None:
        text = paths.symbolic(word, self.state)
        return join(self.cwd, text) if text else None

    def made(
        self, word: Word | None, kind: str = "file", download: bool = False, within: str | None = None
    ) -> Iterator[Made]:
        """The file that a word names, seen from ``within`` (the working directory when None)."""
        if word is None or word.pattern:
            return
        text = paths.symbolic(word, self.state)
        path = join(within if within is not None else self.cwd, text) if text else None
        if path is not None and not path.startswith("/dev/"):
            yield Made(path, kind, word.raw, within if within is not None else self.cwd, self.command, download)

    def effect(self) -> Effect:
        command, tool = self.command, self.command.tool
        named = tuple(self.named())
        unpacks = tuple(self.unpacked())
        project = tools.canonical(tool) in filetools.PROJECT or tool in filetools.PROJECT
        deep: tuple[str, ...] = ()
        if tool in filetools.DEEP or (tool == "tar" and not self.extracts()[0]):
            deep = named
        if project and self.cwd is not None:
            deep = (*named, self.cwd)
        deletes = tuple(self.deleted())
        if tool in ("rm", "rmdir", "unlink"):
            named = ()
        return Effect(
            command, self.cwd, tuple(self.makes()), named, deep, unpacks, deletes,
            anything=not (tool in filetools.PLAIN or project or (tool in filetools.UNPACKERS)),
        )  # fmt: skip

    def named(self) -> Iterator[str]:
        """The paths that the words may name: each word, and what follows a ``=`` in it."""
        words = self.command.simple.words[self.command.head :] if self.command.simple.words else ()
        for index, word in enumerate(words):
            if index == 0 and "/" not in word.raw:
                continue
            path = self.path(word) if not word.raw.startswith("-") else None
            if path is None and "=" in word.raw:
                value = word.raw.partition("=")[2]
                path = None if "'" in value or '"' in value else self.path(_word(value))
            if path is not None:
                yield path
        for redirect in self.command.simple.redirects:
            if redirect.operator == "<":
                path = self.path(redirect.target)
                if path is not None:
                    yield path

    def redirected(self) -> Iterator[Made]:
        for redirect in self.command.simple.redirects:
            if redirect.operator in (">", ">>", ">|", "&>"):
                download = self.command.tool in ("curl", "wget") and redirect.fd in ("", "1")
                yield from self.made(redirect.target, download=download)

    def option(self, short: str, long: str) -> Word | None:
        """The value of an option in any spelling: ``-O x``, ``-qOx``, ``--long x``, ``--long=x``."""
        arguments = self.command.arguments
        takes = tools.value_options(self.command.tool)
        for index, word in enumerate(arguments):
            raw = word.raw
            following = arguments[index + 1] if index + 1 < len(arguments) else None
            if long and raw == long:
                return following
            if long and raw.startswith(long + "="):
                return _word(raw[len(long) + 1 :])
            if raw == "--":
                return None
            if not short or not raw.startswith("-") or raw.startswith("--"):
                continue
            if raw[:2] == "-n" and self.command.tool == "wget":  # -nv, -nc: one option of two letters
                continue
            for at, letter in enumerate(raw[1:], 2):
                if letter == short:
                    return _word(raw[at:]) if raw[at:] else following
                if f"-{letter}" in takes:
                    break
        return None

    def has_short(self, letter: str) -> bool:
        """True when a cluster of short options holds the letter before any letter that takes a value."""
        takes = tools.value_options(self.command.tool)
        for word in self.command.options:
            if word.raw.startswith("--"):
                continue
            for each in word.raw[1:]:
                if each == letter:
                    return True
                if f"-{each}" in takes:
                    break
        return False

    def makes(self) -> Iterator[Made]:
        command, tool = self.command, self.command.tool
        operands = command.operands
        if tool == "wget":
            yield from self.wget()
        elif tool == "curl":
            yield from self.curl()
        elif tool == "git" and command.subcommand == "clone":
            yield from self.clone()
        elif tool == "tar":
            extracts, archive, into = self.extracts()
            if extracts:
                yield from self.below(into)
            else:
                yield from self.made(archive)
        elif tool == "unzip":
            yield from self.below(self.option("d", ""))
        elif tool in ("mkdir", "touch", "tee", "mktemp"):
            for word in operands:
                yield from self.made(word, "directory" if tool == "mkdir" else "file")
        elif tool in ("cp", "mv", "ln", "install"):
            if len(operands) >= 2 and self.option("t", "--target-directory") is None:
                yield from self.copied(operands)
        elif tool in filetools.REPLACERS:
            for word in operands:
                for ending in filetools.REPLACERS[tool]:
                    if word.raw.endswith(ending):
                        yield from self.made(_word(word.raw.removesuffix(ending)))

    def below(self, word: Word | None) -> Iterator[Made]:
        directory = self.cwd if word is None else self.path(word)
        if directory is not None:
            yield Made(directory, "below", "." if word is None else word.raw, self.cwd, self.command)

    def copied(self, operands: tuple[Word, ...]) -> Iterator[Made]:
        """The target, and the same names in it in case that it is a directory."""
        target = operands[-1]
        yield from self.made(target, "tree" if self.command.has("-r", "-R", "-a") else "file")
        directory = self.path(target)
        for word in operands[:-1]:
            name = posixpath.basename((paths.symbolic(word, self.state) or "").rstrip("/"))
            if directory is not None and name and not word.pattern and '"' not in target.raw + name:
                joined = f"{target.raw.rstrip('/')}/{name}"
                yield Made(directory.rstrip("/") + "/" + name, "file", joined, self.cwd, self.command)

    def wget(self) -> Iterator[Made]:
        if self.command.has("--spider", "--content-disposition", "--trust-server-names", "-i", "--input-file"):
            return
        target = self.option("O", "--output-document")
        if target is not None:
            if target.raw != "-":
                yield from self.made(target, download=True)
            return
        prefix = self.option("P", "--directory-prefix")
        directory = self.cwd if prefix is None else self.path(prefix)
        for word in self.command.operands:
            name = _name(word, self.state)
            path = join(directory, name[0]) if name is not None and directory is not None else None
            if path is not None and name is not None:
                text = name[1] if prefix is None else f"{prefix.raw.rstrip('/')}/{name[1]}"
                yield Made(path, "file", text, self.cwd, self.command, download=True)

    def curl(self) -> Iterator[Made]:
        directory = self.option("", "--output-dir")
        within = None if directory is None else self.path(directory)
        target = self.option("o", "--output")
        if target is not None:
            if target.raw != "-" and (directory is None or within is not None):
                for made in self.made(target, download=True, within=within):
                    text = made.text if directory is None else f"{directory.raw}/{target.raw}"
                    yield made._replace(text=text, cwd=self.cwd)
            return
        if not (self.has_short("O") or self.command.has("--remote-name", "--remote-name-all")) or self.has_short("J"):
            return
        for word in self.command.operands:
            name = _name(word, self.state)
            start = within if directory is not None else self.cwd
            path = None if name is None else join(start, name[0])
            if path is not None and name is not None and "?" not in name[0]:
                text = name[1] if directory is None else f"{directory.raw}/{name[1]}"
                yield Made(path, "file", text, self.cwd, self.command, download=True)

    def clone(self) -> Iterator[Made]:
        operands = self.command.operands
        if self.command.has("-C", "--bare", "--mirror") or not operands:
            return
        if len(operands) > 1:
            yield from self.made(operands[1], "tree", download=True)
            return
        name = _name(operands[0], self.state)
        if name is not None:
            path = join(self.cwd, name[0].removesuffix(".git"))
            if path is not None:
                text = name[1].removesuffix(".git").replace('.git"', '"')
                yield Made(path, "tree", text, self.cwd, self.command, download=True)

    def extracts(self) -> tuple[bool, Word | None, Word | None]:
        """Whether tar extracts, its archive, and the directory it works in."""
        arguments = list(self.command.arguments)
        letters = "".join(word.raw[1:] for word in self.command.options if not word.raw.startswith("--"))
        archive, into = self.option("f", "--file"), self.option("C", "--directory")
        if arguments and not arguments[0].raw.startswith("-"):
            letters += arguments[0].raw
            values = iter(arguments[1:])
            for letter in arguments[0].raw:
                if letter == "f":
                    archive = next(values, None)
                elif letter == "C":
                    into = next(values, None)
        extracts = "x" in letters or self.command.has("--extract", "--get")
        return extracts, archive, into

    def unpacked(self) -> Iterator[Unpacked]:
        command, tool = self.command, tools.canonical(self.command.tool)
        words: tuple[Word | None, ...] = ()
        into: str | None = None
        runs = tool in filetools.INTERPRETERS
        if tool in ("tar", "bsdtar"):
            extracts, archive, directory = self.extracts()
            words = (archive,) if extracts else ()
            into = self.cwd if directory is None else self.path(directory)
        elif tool == "unzip":
            if not command.has("-l", "-t", "-p"):
                words = command.operands[:1]
                directory = self.option("d", "")
                into = self.cwd if directory is None else self.path(directory)
        elif tool in filetools.UNPACKERS:
            packs = tool in ("gzip", "bzip2", "xz", "zstd") and not command.has("-d", "--decompress", "-dc", "-cd")
            words = () if packs else command.arguments
        elif tool in ("dpkg", "rpm"):
            installs = command.has("-i", "-U", "-F", "--install", "--upgrade", "--unpack")
            words = command.arguments if installs and not command.has("--import") else ()
        elif tool in filetools.INSTALLERS:
            words = command.operands if command.subcommand in ("install", "localinstall", "reinstall") else ()
        elif tool in filetools.INTERPRETERS:
            words = tuple(word for word in command.arguments if not word.raw.startswith("-"))[:1]
        elif "/" in (command.simple.words[command.head].raw if command.simple.words else ""):
            words = (command.simple.words[command.head],)
            runs = True
        for word in words:
            path = self.path(word) if word is not None and not word.raw.startswith("-") else None
            if word is not None and path is not None:
                yield Unpacked(path, word.raw, into, runs)
        for redirect in command.simple.redirects if tool in ("tar", *filetools.UNPACKERS) else ():
            path = self.path(redirect.target) if redirect.operator == "<" else None
            if path is not None:
                yield Unpacked(path, redirect.target.raw, into)

    def deleted(self) -> Iterator[str]:
        command, tool = self.command, self.command.tool
        words: tuple[Word, ...] = ()
        if tool in ("rm", "unlink", "rmdir"):
            words = command.operands if tool == "rm" else command.arguments
        elif tool == "mv" and len(command.operands) >= 2:
            words = command.operands[:-1]
        elif tool == "find" and command.has("-delete", "-exec"):
            words = command.arguments[:1]
        elif tool in filetools.REPLACERS and not command.has("-k", "-c", "--keep", "--stdout", "--to-stdout"):
            words = command.operands
        for word in words:
            text = paths.symbolic(word, self.state)
            for one in paths.brace_expansions(text) if text and word.pattern and "${" not in text else (text,):
                path = join(self.cwd, one) if one else None
                if path is not None:
                    yield path


def _word(raw: str) -> Word:
    """A piece of shell text as the word that it is; one without a value when it is none."""
    script = read_shell(f"_ {raw}")
    if isinstance(script, Script):
        simple = script.body.statements[0].list.pipelines[0].commands[0]
        if isinstance(simple, Simple) and len(simple.words) == 2:
            return simple.words[1]
    return Word(0, 0, raw, None, parameters=("?",))


def _name(url: Word, state: State) -> tuple[str, str] | None:
    """The last part of a URL, and how to write it in shell; None when that is not known."""
    text = paths.symbolic(url, state)
    if text is None or (url.pattern and "?" not in text):
        return None
    rest = text.partition("://")[2] if "://" in text else text
    if "/" not in rest:
        return None
    name = rest.rpartition("/")[2].partition("#")[0]
    if not name or name == "${" or "/" in name or "*" in name:
        return None
    raw = url.raw
    body = raw[1:-1] if len(raw) > 1 and raw[0] == raw[-1] and raw[0] in "\"'" else raw
    last = body.rpartition("/")[2].partition("#")[0]
    same_name = bool(last) and paths.symbolic(_word(f'"{last}"'), state) == name
    if "'" in body or '"' in body or "\\" in body or raw[0] == "'" or not same_name:
        return name, (shlex.quote(name) if "$" not in name else f'"{name}"')
    if url.quoted and "$" in last:
        return name, f'"{last}"'
    return name, (last if "$" in last else shlex.quote(name))
