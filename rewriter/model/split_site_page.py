"""Reading a build of a static site: which folder the generator writes, and which ones the image serves."""

from __future__ import annotations

import re
from typing import Final

from rewriter import posixpath
from rewriter.knowledge import languages
from rewriter.model import paths, split_named
from rewriter.model.command import Command, command_of
from rewriter.model.context_tree import Tree as Context
from rewriter.model.effect import Effect
from rewriter.model.run import Run
from rewriter.model.split_folders import above, shared
from rewriter.model.split_outputs import within
from rewriter.model.split_page import Call, Page
from rewriter.model.split_stage import Against, Shipped
from rewriter.model.split_traces import Traces
from rewriter.model.split_tree import Tree
from rewriter.syntax.script import Simple, Word

_ROOTS: Final = languages.listed("site", "roots")
#: folders that images with a server have
THERE: Final = frozenset(("/run", *(one for root in _ROOTS for one in (*above(root), root))))
#: what settings of nginx, Apache, lighttpd and Caddy say of the folders that they serve
_SERVED: Final = re.compile(
    r'(?:^|[\s;{])(?:root|alias|DocumentRoot|server\.document-root)\s+(?:=\s*|\*\s+)?"?(/[^\s;"]*)', re.MULTILINE
)
#: call a generator by the words behind them
_CALLERS: Final = (("bundle", "exec"), ("python", "-m"), ("python3", "-m"), ("npx",))
#: take the folder of the sources and the one that is written
_OF_TWO: Final = ("sphinx-build", "gitbook")
#: beginnings of the names of packages that a server loads
_MODULES: Final = ("libapache2-mod-", "libnginx-mod-", "nginx-mod-", "lighttpd-mod-")
#: modules of Python that serve files
_FILES: Final = frozenset(("http.server", "SimpleHTTPServer"))


def called(command: Command) -> Command:
    """The generator's own call in ``bundle exec jekyll build``, ``python -m mkdocs build`` and ``npx hexo generate``."""
    words = command.simple.words[command.head :]
    plain = tuple(word.value or "" for word in words[:3])
    at = next((len(one) for one in _CALLERS if plain[: len(one)] == one), 0)
    if not at or len(plain) <= at or plain[at] not in languages.names("site", "builders"):
        return command
    simple = Simple(command.simple.start, command.simple.end, command.simple.assignments, words[at:], ())
    return command_of(simple, command.place, command.cwd, command.editable)


def writing(command: Command) -> bool:
    """True for a call that writes a site."""
    command = called(command)
    if command.tool not in languages.names("site", "builders"):
        return False
    plain = command.tool in ("hugo", "sphinx-build")
    return command.subcommand in languages.names("site", "writes") or (plain and not _asks(command))


def _asks(command: Command) -> bool:
    """True for ``hugo version`` and ``hugo new``, which write no site."""
    return command.tool == "hugo" and bool(command.subcommand) and not command.subcommand.startswith(("-", ".", "/"))


class SitePage(Page):
    """``outputs`` are the folders that are written, ``begins`` the paths that the image starts, ``gone_again`` what is
    deleted in folders that a server serves, ``shown`` what commands put there."""

    wholes = frozenset((*_ROOTS, "/opt", "/home"))

    def __init__(self, traces: Traces, stage: Shipped, context: Context) -> None:
        super().__init__("site", traces)
        self.stage = stage
        self.context = context
        self.deletes = True
        self.gone_again: list[str] = []
        self.shown: list[str] = []
        self.started = "what serves the site"
        self.outputs: list[str] = []
        self.begins = split_named.started(stage, [])

    def leaves(self, run: Run, command: Command, tool: str, effect: Effect | None) -> str | None:
        if tool == "ln" and command.operands and all((word.value or "").startswith("/") for word in command.operands):
            self.links += [command.words_text] if not self.own_file(command.operands[-1].value or "") else []
            return ""  # COPY would bring what it leads to
        command = called(command)
        return super().leaves(run, command, command.tool or tool, effect)

    def built(self, run: Run, command: Command, tool: str) -> str:
        cwd = self.folder(run, command)
        if cwd is None or command.cwd is None:
            return f"the folder in which {tool} runs is not known"
        self.calls.append(Call(run, command, cwd))
        if not writing(command):
            return ""
        path = self._output(run, command, cwd)
        if not path:
            return f"where {tool} writes the site is only known when it runs"
        if shared(path) and path not in self.wholes:
            return f"{tool} writes into {path}, among files of the base image's own"
        self.traces.folders.make(path, run.state.user)
        self.traces.wrote(path)
        self.outputs += [path] if path not in self.outputs else []
        return ""

    def folder(self, run: Run, command: Command) -> str | None:
        """That of the sources: the first word of those that name both folders."""
        if command.tool not in _OF_TWO or (not command.operands and command.tool != "sphinx-build"):
            return super().folder(run, command)
        name = paths.symbolic(command.operands[0], run.state) if command.operands else None
        return None if name is None or command.cwd is None else posixpath.normpath(posixpath.join(command.cwd, name))

    def _output(self, run: Run, command: Command, cwd: str) -> str:
        """The folder that is written, "" where it is not known."""
        given: Word | str | None = None
        if command.tool in _OF_TWO:
            given = command.operands[1] if len(command.operands) > 1 else None
        else:
            given = command.option(*languages.listed("site", "outputs"))
        of_the_shell = command.tool == "jekyll" or (given is not None and command.tool in _OF_TWO)
        base = (command.cwd if of_the_shell else cwd) or "/"
        if given is not None:
            name = given if isinstance(given, str) else paths.symbolic(given, run.state)
            return "" if name is None or "$" in name else posixpath.normpath(posixpath.join(base, name))
        rows = (one.split() for one in languages.fact("site", "sites").split("\n"))
        usual, *settings = next(row[1:] for row in rows if row[:1] == [command.tool])
        return "" if usual == "-" else posixpath.normpath(posixpath.join(base, self._by_settings(cwd, usual, settings)))

    def _by_settings(self, cwd: str, usual: str, settings: list[str]) -> str:
        """The folder that the project's settings name, ``usual`` without a word of theirs; asked for where none is seen."""
        key, *files = settings
        if key == "-":
            return usual
        texts = [text for name in files if (text := self.context.text(posixpath.join(cwd, name))) is not None]
        if not texts:
            self.asks.append(f"is the site written to {usual}? Settings in {cwd} may name another folder ({key})")
        found = [re.search(rf"""^\s*["']?{key}["']?\s*[:=]\s*["']?([^\s"',#]+)""", text, re.M | re.I) for text in texts]
        return next((one[1] for one in found if one is not None), usual)

    def followed(self) -> None:
        for path, command in split_named.in_scripts(self.begins, self.context):
            if called(command).tool in self.words("builders"):
                raise Against(self.stage.stage.steps[0], f"{path} calls {called(command).tool} when the image starts")
        gone, roots = self.traces.gone, list(_ROOTS)
        self.gone_again = [one for one, _, _ in gone if within(one.rstrip("/*"), roots)]
        self.traces.gone = [
            one for one in gone if one[0] not in self.gone_again
        ]  # all that is there in the end goes along
        written = {posixpath.normpath(path) for path, _ in self.traces.written if within(path, roots)}
        self.shown = sorted(one for one in written if not within(one, [other for other in written if other != one]))
        self.places += self.shown

    def own_file(self, path: str) -> bool:
        programs = languages.names("every", "programs")
        builds = path in programs or posixpath.dirname(path) in programs or paths.inside(path, "/tmp")
        return super().own_file(path) or (builds and path not in self.begins)

    def serves_the_build(self, package: str) -> bool:
        starts = [one for one in self.stage.steps if one.name in ("CMD", "ENTRYPOINT", "HEALTHCHECK")]
        called = bool(self.begins) or any(package in one.instruction.body.text for one in starts)
        if package in self.words("servers") | languages.names("every", "always") or package.startswith(_MODULES):
            return False
        return not called or package not in languages.names("every", "same")

    def shipped(self, found: Tree) -> list[str]:
        """The folders with the site that go along: those that are served, or all where settings of a server are not seen.

        Raises:
            Against: none is there in the end.
        """
        gone = [one.rstrip("/*") for one, _, _ in self.traces.gone]
        there = [one for one in self.outputs if one in self.traces.remade or not within(one, gone)]
        shown = [*self.shown, *(one for one in there if within(one, list(_ROOTS)))]
        if not there and not shown:
            raise Against(self.stage.stage.steps[0], "where the site goes in the end is not known")
        served, sure = self._by_servers(found)
        named = [*split_named.named(self.stage), *served]
        if shown and sure:
            there = [one for one in there if any(paths.inside(one, path) or paths.inside(path, one) for path in named)]
        return list(dict.fromkeys([*there, *shown]))

    def read(self, found: Tree) -> list[str]:
        """The paths that are served, or that the image names."""
        below = [one for one in found.tops if within(one, list(_ROOTS))]
        return [
            *_ROOTS,
            *below,
            *split_named.named(self.stage),
            *self._by_servers(found)[0],
            *self.begins,
            *self._by_python(),
        ]

    def _by_servers(self, found: Tree) -> tuple[list[str], bool]:
        """The folders that settings of servers name, and whether all of these settings are seen."""
        places = languages.listed("site", "settings")
        brought = [
            one
            for one in (*found.files, *found.tops, *found.after)
            if any(paths.inside(one, place) for place in places)
        ]
        texts = [self.context.text(one) for one in brought]
        seen = [text for text in texts if text is not None]
        return [one.rstrip("/") for text in seen for one in _SERVED.findall(text)], len(seen) == len(brought)

    def _by_python(self) -> list[str]:
        """The folder that ``python -m http.server`` serves."""
        folder, found = self.stage.end.workdir or "/", []
        for _, command in split_named.calls(self.stage):
            if command.tool == "cd" and command.operands:
                folder = posixpath.join(folder, command.operands[0].value or "")
            elif any(word.value in _FILES for word in command.arguments):
                given = command.option("-d", "--directory")
                name = given if isinstance(given, str) or given is None else given.value
                found.append(posixpath.normpath(posixpath.join(folder, name or "")))
        return found

    def question(self, path: str) -> str:
        return f"does {path} start nothing but a server of files, and call nothing that builds?"

    def starts(self, command: Command, places: list[str]) -> str:
        if any(word.value in _FILES for word in command.arguments):
            self.started = "a server of files that Python has"
            return ""
        return f"it starts {command.tool} with what is no server of files"

    def deleted_again(self) -> list[str]:
        """What deletes files of the server's own again, before anything is copied."""
        settings = list(languages.listed("site", "settings"))
        found = [*self.gone_again, *(one for one, _, _ in self.traces.gone if within(one.rstrip("/*"), settings))]
        return [f"rm -rf {' '.join(dict.fromkeys(found))}"] if found else []
