"""Reading a build by Stack or cabal: in which folders it compiles, and where programs are put."""

from __future__ import annotations

import re
from typing import Final

from rewriter import posixpath
from rewriter.knowledge import languages
from rewriter.model import paths, split_cabal
from rewriter.model.command import Command
from rewriter.model.context_tree import Tree as Context
from rewriter.model.effect import Effect
from rewriter.model.run import Run
from rewriter.model.split_built_page import BuiltPage
from rewriter.model.split_stage import Shipped
from rewriter.model.split_traces import Traces
from rewriter.syntax.script import Word

#: leave caches in the home, or what is compiled below the project. Sources: docs.haskellstack.org, cabal.readthedocs.io
_HARMLESS: Final = {
    "stack": frozenset("setup update path config templates list ls dot clean purge upgrade query".split()),
    "cabal": frozenset("update up info list check clean outdated user-config path fetch list-bin register".split()),
}
_BUILDS: Final = {
    "stack": frozenset("build install test bench haddock init".split()),
    "cabal": frozenset("build install copy configure test bench haddock freeze init".split()),
}
#: options with which nothing is put into a folder of programs
_NOTHING: Final = ("--only-dependencies", "--dependencies-only", "--only-snapshot", "--dry-run", "--lib")
#: where Stack or GHC is fetched from, into /usr/local/bin or the home
_FETCHES: Final = ("haskellstack.org", "commercialhaskell/stack", "get-ghcup")
_PLACE: Final = re.compile(r"^local-bin-path:[ \t]*[\"']?([^\s\"'#]+)", re.MULTILINE)
_PACKAGE: Final = re.compile(r"[A-Za-z][\w.-]*")
_VERSION: Final = re.compile(r"-\d[\d.]*$")


class HaskellPage(BuiltPage):
    """``newest`` says that cabal is of 3.10 or later, which puts programs into ~/.local/bin. ``by`` are the tools that build,
    ``linked`` the folders in which cabal makes links into its store, ``doubted`` those that no option names."""

    manifest = "*.cabal"
    builder = "cabal"
    installer = "stack install or cabal install"

    def __init__(self, traces: Traces, stage: Shipped, context: Context, system: str, newest: bool) -> None:
        super().__init__("haskell", traces, stage, context, system)
        self.newest = newest
        self.by: set[str] = set()
        self.linked: list[str] = []
        self.doubted: list[str] = []
        self._prefix = ""

    def leaves(self, run: Run, command: Command, tool: str, effect: Effect | None) -> str | None:
        if tool in ("sh", "bash", "tar", "curl", "wget") and any(one in run.visible.text for one in _FETCHES):
            self.by.add("fetched")
            return ""
        return super().leaves(run, command, tool, effect)

    def built(self, run: Run, command: Command, tool: str) -> str:
        sub, first = kind(command)
        if tool == "ghc":
            return self.compiled(run, command)
        if command.has("--version", "--numeric-version", "--help") or sub in _HARMLESS[tool]:
            return ""
        if sub == "sandbox" and command.cwd is not None:
            self._prefix = posixpath.join(command.cwd, ".cabal-sandbox")
            return ""
        if sub not in _BUILDS[tool] or command.has("--exec", "--docker", "--nix", "--destdir"):
            return f"what {tool} {sub}".rstrip() + " leaves is not known"
        self.by.add(tool)
        given = command.option("--stack-yaml", "--project-file", "--project-dir")
        project = self.path(run, command, given, "STACK_YAML" if tool == "stack" else "")
        file = project is not None and posixpath.basename(project).endswith((".yaml", ".yml", ".project"))
        cwd = (posixpath.dirname(project) if file else project) or command.cwd if project is not None else None
        if sub == "install" and command.operands and not self._has_sources(cwd or "/"):
            return self._installs(run, command, tool, cwd or "/", first, True)
        why = self.builds_in(run, command, cwd, "")
        if sub == "configure":
            self._prefix = self.path(run, command, command.option("--prefix"), "") or self._prefix
        if why or (sub not in ("install", "copy") and not command.has("--copy-bins")):
            return why
        return self._installs(run, command, tool, cwd or "/", first, False)

    def _has_sources(self, cwd: str) -> bool:
        """True for a folder that COPY, ADD or a RUN brought sources into, or a file."""
        files = {posixpath.dirname(one) for one in self.traces.folders.files}
        made = [one for one, _ in self.traces.written]
        return cwd in files or any(paths.inside(cwd, one) for one in (*self.copied, *made))

    def _installs(self, run: Run, command: Command, tool: str, cwd: str, first: bool, hackage: bool) -> str:
        """What ``stack install`` or ``cabal install`` puts into a folder of programs, of packages of Hackage or of the project;
        why it is not known, or ""."""
        if command.has(*_NOTHING):
            return ""
        if not run.state.root:
            return f"{tool} installs as another user than root, into a home that has what it compiled as well"
        place = self._local(run, command, cwd) if tool == "stack" else self._place(run, command)
        if place is None:
            return f"where {tool} install puts programs is not known"
        manifest = "" if hackage else split_cabal.data(self.context.ask)
        if manifest and tool == "cabal":
            return (
                f"{manifest} has data-files, which cabal puts into a folder of its own making, where the program looks for them: "
                "compiled in (file-embed), or copied to where an option tells, they would go along"
            )
        self.opened += [posixpath.join(cwd, ".stack-work")] if manifest else []
        if tool == "cabal" and not first and _text(command.option("--install-method")) != "copy":
            self.linked.append(place)
        words = [one.value or "" for one in command.operands]
        names = [one.rpartition(":")[2] for one in words if f":{one}".rpartition(":")[0].endswith(":exe")]
        if hackage:
            renamed = dict(one.split(":") for one in languages.listed("haskell", "programs"))
            bare = [_VERSION.sub("", one) for one in words if _PACKAGE.fullmatch(one)]
            names += [renamed.get(one, one) for one in bare]
        own = names if names or hackage else split_cabal.programs(self.context.ask)
        self.names += [(one, place) for one in own]
        self.unnamed += [] if own and not hackage else [place]
        return ""

    def _local(self, run: Run, command: Command, cwd: str) -> str | None:
        """Where Stack puts programs. Source: docs.haskellstack.org, "local-bin-path"."""
        option = command.option("--local-bin-path")
        if option is None:
            written = _PLACE.search(self.context.text(posixpath.join(cwd, "stack.yaml")) or "")
            option = written[1] if written else languages.fact("haskell", "local")
        return self.path(run, command, option, "")

    def _place(self, run: Run, command: Command) -> str | None:
        """Where cabal puts programs. Sources: cabal.readthedocs.io, "cabal install"; its directories, cabal#7386 (3.10)."""
        option = command.option("--installdir", "--symlink-bindir", "--bindir")
        prefix = command.option("--prefix")
        if option is not None:
            return self.path(run, command, option, "")
        if prefix is not None or self._prefix:
            found = self.path(run, command, prefix, "") if prefix is not None else self._prefix
            return found and posixpath.join(found, "bin")
        place = languages.fact("haskell", "local" if self.newest else "cabal")
        place = self.path(run, command, None, "CABAL_DIR") or place
        self.doubted.append(place)
        return place

    def serves_the_build(self, package: str) -> bool:
        own = ("libghc-", "ghc-", "cabal-install-", "happy-", "alex-", "llvm")
        return super().serves_the_build(package) or package.startswith(own)


def kind(command: Command) -> tuple[str, bool]:
    """The subcommand without the generation that it names (``v2-``, ``new-``), and whether that is the first."""
    sub = command.subcommand
    return sub.removeprefix("v1-").removeprefix("v2-").removeprefix("new-"), sub.startswith("v1-")


def _text(given: Word | str | None) -> str:
    return given if isinstance(given, str) else "" if given is None else given.value or ""
