"""One language on the shared ground of splits: what it builds, where that lies, what starts it.

The data are in languages.toml. A language whose programs lie where their sources do (target/, dist/, node_modules/) needs a page
of it, and a few answers of its own: which image runs what is built, and what has to be done beside.
"""

from __future__ import annotations

from typing import NamedTuple

from rewriter import posixpath
from rewriter.knowledge import languages
from rewriter.model import paths
from rewriter.model.command import Command
from rewriter.model.copied import Copied
from rewriter.model.effect import Effect
from rewriter.model.run import Run
from rewriter.model.split_traces import Traces


class Call(NamedTuple):
    """A call of a builder, and the folder that it works in."""

    run: Run
    command: Command
    cwd: str


class Page:
    """The description of a language, filled while a stage is read.

    ``key`` is its table in languages.toml; ``calls`` are those of its builders; ``asks`` what only this language asks a person.
    ``same_image`` says that what is built runs on the very image that built it: then a folder of one program's own may go along
    whole, whatever the base has in it. ``from_stages`` says that what a COPY brings from another stage goes along with the folder
    that it lies in. ``installed`` are folders that get what is built, those that the base has empty included;
    ``empty`` are folders of every system that hold nothing that is missed, ``wholes`` those of the language's image that may go
    along whole, ``places`` others beside the author's that do. ``copied`` are the folders that a COPY fills, ``left`` those of
    sources that stay in the builder. ``sources`` say where packages come from, and go along before any is installed; ``again``
    are commands that the final stage repeats once all is there, ``links`` those that make links: those of ``lies``, which tells
    where each link lies, that no folder brings; ``linked`` is what they lead to. ``deleted`` is what a RUN deletes of the base
    image's own: no folders from there on; ``deletes`` says that what is deleted of a package is deleted again. ``started`` says
    what the image starts where that is no program of the language's own: "nginx, which serves files". ``environment`` are lines
    that the final stage begins with: what the builder's image sets, and the other one does not.
    """

    same_image = False
    from_stages = False
    empty = frozenset(("/usr/src", "/srv", "/mnt"))
    wholes: frozenset[str] = frozenset()

    def __init__(self, key: str, traces: Traces) -> None:
        self.key = key
        self.traces = traces
        self.calls: list[Call] = []
        self.asks: list[str] = []
        self.installed: list[str] = []
        self.sources: list[str] = []
        self.left: list[str] = []
        self.copied: list[str] = []
        self.again: list[str] = []
        self.links: list[str] = []
        self.lies: dict[str, str] = {}
        self.linked: list[str] = []
        self.deleted: list[str] = []
        self.started = ""
        self.deletes = False
        self.environment: list[str] = []
        self.places: list[str] = []

    def words(self, key: str) -> frozenset[str]:
        """One list of the language."""
        return languages.names(self.key, key)

    def leaves(self, run: Run, command: Command, tool: str, effect: Effect | None) -> str | None:
        """See :data:`rewriter.model.split_follow.Own`."""
        if tool in self.words("builders"):
            return self.built(run, command, tool)
        if tool in self.words("harmless"):
            return ""
        if tool == "git":
            return self._git(command, effect)
        return None

    def built(self, run: Run, command: Command, tool: str) -> str:
        """A call of a builder; why what it leaves is not known, or ""."""
        cwd = self.folder(run, command)
        if cwd is None:
            return f"the folder in which {tool} runs is not known"
        self.calls.append(Call(run, command, cwd))
        for word in command.arguments:
            value = (word.value or paths.symbolic(word, run.state) or "").rpartition("=")[2]
            if value.startswith("/") and "$" not in value and ":" not in value:
                self.traces.written.append((posixpath.normpath(value), tool))  # it may write there
        return ""

    def folder(self, run: Run, command: Command) -> str | None:
        """The folder that a builder works in, by its option or the one that it runs in; None when that is not known."""
        cwd = command.cwd
        given = command.option(*languages.listed(self.key, "folders"))
        if given is None:
            return cwd
        name = given if isinstance(given, str) else given.value or paths.symbolic(given, run.state)
        if name is None or "$" in name or cwd is None:
            return None
        path = posixpath.normpath(posixpath.join(cwd, name))
        return posixpath.dirname(path) if "." in posixpath.basename(path) else path

    def own_file(self, path: str) -> bool:
        """True for a file of a builder's own: its archive, its settings, its cache."""
        own = self.words("tools")
        return any(part in own or _release(part) in own for part in path.split("/"))

    def serves_the_build(self, package: str) -> bool:
        """True for a package that a running program does not need."""
        return package in languages.names("every", "build") or package in self.words("packages")

    def followed(self) -> None:
        """All RUNs of the builder are followed.

        Raises:
            Against: what they leave is not known.
        """

    def stays(self, copy: Copied) -> bool:
        """True for a COPY of a tool that only builds."""
        return False

    def instead(self, package: str) -> list[str] | None:
        """The packages that the final stage gets in the place of this one, None for that one itself."""
        return None

    def brings(self, tool: str) -> bool:
        """True for a program that the final stage has by what the page writes into it."""
        return False

    def of_another(self, tool: str) -> str:
        """Why a program that the image starts is of another language, or ""."""
        return ""

    def question(self, path: str) -> str:
        """What a person must confirm of a program, or a script, that goes along and that the image starts."""
        return f"does {path} start nothing but {languages.listed(self.key, 'starts')[0]}, and what goes along?"

    def starts(self, command: Command, places: list[str]) -> str:
        """What stands against a program of the language that the image starts, or ""."""
        return ""

    def builds(self, words: list[str]) -> bool:
        """True for the words of a command, outside of the image, that build in a container of it."""
        building = self.words("toolchain") | self.words("builders")
        return words[0] in building and words[:2] not in (["npm", "start"], ["yarn", "start"])

    def _git(self, command: Command, effect: Effect | None) -> str:
        if command.subcommand != "clone":
            return ""
        made = [] if effect is None else [one.path for one in effect.makes]
        if not made or any(not path.startswith("/") or "$" in path for path in made):
            return "where git clone puts what it fetches is not known"
        for path in made:
            self.traces.wrote(path)
            self.traces.folders.make(path, None)
        return ""


def _release(name: str) -> str:
    """What an archive or a folder is called without its version: ``gradle`` for ``gradle-5.6-bin.zip``."""
    head, _, rest = name.partition("-$")
    if rest:
        return head
    at = next((at for at in range(1, len(name)) if name[at].isdigit() and name[at - 1] == "-"), 0)
    return name[: at - 1] if at else name.partition(".")[0]
