"""What one command does to files. See :mod:`rewriter.model.effects`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from rewriter import posixpath
from rewriter.knowledge import filetools, tools
from rewriter.model import names, paths
from rewriter.model.command import Command
from rewriter.model.scope import State
from rewriter.syntax.script import Word


class Made:
    """A path that a command makes.

    ``kind`` is "file", "directory" (an empty one), "tree" (a directory and all in it) or "below" (members of unknown
    names in an existing directory). ``text`` is the path as shell text, in the author's quoting, and means this path in
    the working directory ``cwd``. ``download``: it came from the network.
    """

    __slots__ = ("command", "cwd", "download", "kind", "path", "text")

    def __init__(
        self, path: str, kind: str, text: str, cwd: str | None, command: Command, download: bool = False
    ) -> None:
        self.path = path
        self.kind = kind
        self.text = text
        self.cwd = cwd
        self.command = command
        self.download = download


class Unpacked:
    """A file whose content a command put elsewhere: unpacked, installed, or run as an installer.

    ``into`` is the directory that an archive was unpacked to, None when it is not known or nothing was unpacked.
    ``runs`` is True for an installer.
    """

    __slots__ = ("into", "path", "runs", "text")

    def __init__(self, path: str, text: str, into: str | None, runs: bool = False) -> None:
        self.path = path
        self.text = text
        self.into = into
        self.runs = runs


class Effects(NamedTuple):
    """The effects of a RUN's commands in order, and where its own shell ends (None: not known).

    ``own`` are the variables that the RUN assigns and whose value is not known before it runs, ``last`` what is known of
    variables where its own shell ends.
    """

    each: tuple[Effect, ...]
    end: str | None
    own: frozenset[str]
    last: State

    @property
    def makes(self) -> Iterator[Made]:
        return (made for effect in self.each for made in effect.makes)

    def local(self, path: str) -> bool:
        """True when the path means something only inside this RUN."""
        return "${" in path and any("${" + name + "}" in path for name in self.own)


def reads(effect: Effect, path: str) -> bool:
    """True when the command names the path, something in it, or a directory that it reads whole with it inside."""
    return any(
        names.same(read, path) or paths.inside(read, path) or names.perhaps(read, path) for read in effect.reads
    ) or any(paths.inside(path, directory) for directory in effect.deep)


# One command ---------------------------------------------------------------------------------------------------------


class Effect:
    """What one command does to files, worked out when it is asked for. ``cwd`` is the directory in which it starts."""

    __slots__ = ("_deletes", "_makes", "_named", "_unpacks", "command", "cwd", "state")

    def __init__(self, command: Command, cwd: str | None, state: State) -> None:
        self.command = command
        self.cwd = cwd
        self.state = state
        self._makes: tuple[Made, ...] | None = None
        self._named: tuple[str, ...] | None = None
        self._unpacks: tuple[Unpacked, ...] | None = None
        self._deletes: tuple[str, ...] | None = None

    def path(self, word: Word) -> str | None:
        text = paths.symbolic(word, self.state)
        return names.join(self.cwd, text) if text else None

    def made(
        self, word: Word | None, kind: str = "file", download: bool = False, within: str | None = None
    ) -> Iterator[Made]:
        """The file that a word names, seen from ``within`` (the working directory when None)."""
        if word is None or word.pattern:
            return
        text = paths.symbolic(word, self.state)
        path = names.join(within if within is not None else self.cwd, text) if text else None
        if path is not None and not path.startswith("/dev/"):
            yield Made(path, kind, word.raw, within if within is not None else self.cwd, self.command, download)

    @property
    def _nothing(self) -> bool:
        """True for a bare assignment."""
        return not self.command.tool and bool(self.command.simple.assignments)

    @property
    def makes(self) -> tuple[Made, ...]:
        """The paths that it makes."""
        if self._makes is None:
            found = self.made_by_tool() if self.command.tool in _MAKERS else ()
            self._makes = (*found, *self.redirected()) if self.command.simple.redirects else tuple(found)
        return self._makes

    @property
    def named(self) -> tuple[str, ...]:
        """The paths that its words may name."""
        if self._named is None:
            self._named = () if self._nothing else tuple(self.naming())
        return self._named

    @property
    def reads(self) -> tuple[str, ...]:
        """The paths and patterns that its words name, those that it deletes excluded."""
        return () if self.command.tool in ("rm", "rmdir", "unlink") else self.named

    @property
    def deep(self) -> tuple[str, ...]:
        """The directories whose whole content it may read."""
        tool = self.command.tool
        if self.project and self.cwd is not None:
            return (*self.named, self.cwd)
        return self.named if tool in filetools.DEEP or (tool == "tar" and not self.extracts()[0]) else ()

    @property
    def unpacks(self) -> tuple[Unpacked, ...]:
        """The files whose content it puts elsewhere."""
        if self._unpacks is None:
            self._unpacks = () if self._nothing else tuple(self.unpacked())
        return self._unpacks

    @property
    def deletes(self) -> tuple[str, ...]:
        """The paths and patterns that it deletes."""
        if self._deletes is None:
            self._deletes = tuple(self.deleted()) if self.command.tool in _DELETERS else ()
        return self._deletes

    @property
    def project(self) -> bool:
        """True for a tool that works on the project in its directory."""
        tool = self.command.tool
        return tools.canonical(tool) in filetools.PROJECT or tool in filetools.PROJECT

    @property
    def anything(self) -> bool:
        """True for a program that is not known to keep to what its words name."""
        tool = self.command.tool
        return not (self._nothing or tool in filetools.PLAIN or tool in filetools.UNPACKERS or self.project)

    def zipped(self) -> Iterator[Word]:
        """The archive of unzip, which finds ``a.zip`` by the name ``a`` as well."""
        for word in self.command.operands[:1]:
            yield word
            if "." not in posixpath.basename(word.raw):
                yield names.word(word.raw + ".zip")

    def naming(self) -> Iterator[str]:
        """The paths that the words may name: each word, and what follows a ``=`` in it."""
        words = self.command.simple.words[self.command.head :] if self.command.simple.words else ()
        for index, word in enumerate(words):
            if index == 0 and "/" not in word.raw:
                continue
            path = self.path(word) if not word.raw.startswith("-") else None
            if path is None and "=" in word.raw:
                value = word.raw.partition("=")[2]
                path = None if "'" in value or '"' in value else self.path(names.word(value))
            if path is not None:
                yield path
        for word in self.zipped() if self.command.tool == "unzip" else ():
            path = self.path(word)
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
                return names.word(raw[len(long) + 1 :])
            if raw == "--":
                return None
            if not short or not raw.startswith("-") or raw.startswith("--"):
                continue
            if raw[:2] == "-n" and self.command.tool == "wget":  # -nv, -nc: one option of two letters
                continue
            for at, letter in enumerate(raw[1:], 2):
                if letter == short:
                    return names.word(raw[at:]) if raw[at:] else following
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

    def made_by_tool(self) -> Iterator[Made]:
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
        elif tool in filetools.REPLACERS and not self.command.has(
            "-c", "--stdout", "--to-stdout", "-t", "--test", "-l"
        ):
            for word in operands:
                for ending in filetools.REPLACERS[tool]:
                    if word.raw.endswith(ending):
                        yield from self.made(names.word(word.raw.removesuffix(ending)))

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
            name = names.downloaded(word, self.state)
            path = names.join(directory, name[0]) if name is not None and directory is not None else None
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
                    yield Made(made.path, made.kind, text, self.cwd, made.command, made.download)
            return
        if not (self.has_short("O") or self.command.has("--remote-name", "--remote-name-all")) or self.has_short("J"):
            return
        for word in self.command.operands:
            name = names.downloaded(word, self.state)
            start = within if directory is not None else self.cwd
            path = None if name is None else names.join(start, name[0])
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
        name = names.downloaded(operands[0], self.state)
        if name is not None:
            path = names.join(self.cwd, name[0].removesuffix(".git"))
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
                words = tuple(self.zipped())
                directory = self.option("d", "")
                into = self.cwd if directory is None else self.path(directory)
        elif tool in filetools.UNPACKERS:
            packs = tool in ("gzip", "bzip2", "xz", "zstd") and not command.has("-d", "--decompress", "-dc", "-cd")
            words = () if packs or command.has("-k", "--keep") else command.arguments
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
        for redirect in command.simple.redirects if tool == "tar" or tool in filetools.UNPACKERS else ():
            path = self.path(redirect.target) if redirect.operator == "<" else None
            if path is not None:
                yield Unpacked(path, redirect.target.raw, into)

    def searched(self) -> tuple[Word, ...]:
        """Where ``find`` begins: the words in front of its tests; the working directory when there are none."""
        words = [word for word in self.command.arguments if word.raw not in ("-H", "-L", "-P")]
        end = next((at for at, word in enumerate(words) if word.raw[:1] in ("-", "(", "!", "\\")), len(words))
        return tuple(words[:end]) or (names.word("."),)

    def deleted(self) -> Iterator[str]:
        command, tool = self.command, self.command.tool
        words: tuple[Word, ...] = ()
        if tool in ("rm", "unlink", "rmdir"):
            words = command.operands if tool == "rm" else command.arguments
        elif tool == "mv" and len(command.operands) >= 2:
            words = command.operands[:-1]
        elif tool == "find" and command.has("-delete", "-exec"):
            words = self.searched()
        elif tool in filetools.REPLACERS and not command.has("-k", "-c", "--keep", "--stdout", "--to-stdout"):
            words = command.operands
        for word in words:
            text = paths.symbolic(word, self.state)
            for one in paths.brace_expansions(text) if text and word.pattern and "${" not in text else (text,):
                path = names.join(self.cwd, one) if one else None
                if path is not None:
                    yield path


_MAKERS: Final = frozenset(
    ("wget", "curl", "git", "tar", "unzip", "mkdir", "touch", "tee", "mktemp", "cp", "mv", "ln", "install")
).union(filetools.REPLACERS)
_DELETERS: Final = frozenset(("rm", "unlink", "rmdir", "mv", "find")).union(filetools.REPLACERS)
