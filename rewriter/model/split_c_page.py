"""C and C++ on the shared ground of splits: what is fetched, built and installed, and what of it goes along.

What is installed lies in folders that calls name, or below /usr/local, which the base image has empty: these go along whole.
Sources that a RUN fetches and installs from stay in the builder, unless something that ships names them. What the author brings
with COPY goes along, as in every language.
"""

from __future__ import annotations

from typing import Final

from rewriter import posixpath
from rewriter.knowledge import languages, programs
from rewriter.model import paths, split_c_places, split_c_setup, split_c_sources
from rewriter.model.command import Command
from rewriter.model.effect import Effect
from rewriter.model.run import Run, nested_script
from rewriter.model.scope import POSIX_SHELLS, State
from rewriter.model.split_c_places import DEFAULT
from rewriter.model.split_c_sources import ARCHIVES, Fetched
from rewriter.model.split_page import Call, Page
from rewriter.model.split_purpose import KEPT
from rewriter.model.split_stage import Shipped
from rewriter.model.split_traces import Traces

_UNPACKERS: Final = frozenset("tar bsdtar unzip".split())
_SOURCES: Final = (".c", ".cc", ".cpp", ".cxx", ".C", ".o", ".a")


class CPage(Page):
    """What is fetched, built and installed.

    ``manager`` installs packages. ``fetched`` are sources that RUNs fetch. ``worked`` are calls of builders (the RUN alone where
    the folder is not known), ``put`` the folders from which something is installed or linked elsewhere, ``told`` those in which
    it is configured where, ``asunder`` calls that install and name no place. ``inputs`` are folders that options take in,
    ``rpaths`` options that name where libraries are looked for. ``archives`` are what is unpacked. ``piped``: pip
    installed, ``by_default``: something goes to /usr/local. ``search`` is the command that gathers libraries.
    """

    def __init__(self, traces: Traces, stage: Shipped, manager: str) -> None:
        super().__init__("c", traces)
        self.stage = stage
        self.manager = manager
        self.same_image = True
        self.empty = self.words("empty")
        self.installed = [DEFAULT]
        self.fetched: list[Fetched] = []
        self.worked: list[Call | Run] = []
        self.put: list[str | None] = []
        self.rpaths: list[str] = []
        self.archives: set[str] = set()
        self.inputs: list[str] = []
        self.piped = False
        self.search = "ldconfig"
        self.by_default = False
        self.told: list[str | None] = []
        self.asunder: list[tuple[Run, str | None]] = []

    def leaves(self, run: Run, command: Command, tool: str, effect: Effect | None) -> str | None:
        cwd = _cwd(command, effect)
        state = run.state if effect is None else effect.state
        if tool in POSIX_SHELLS and nested_script(command) is not None:
            return ""  # its commands are listed of themselves
        if tool in POSIX_SHELLS and command.arguments:
            tool = posixpath.basename(command.arguments[0].value or "")
            return self._worked(run, command, state, cwd) if tool in self.words("scripts") else None
        if tool in self.words("builders"):
            return self._worked(run, command, state, cwd) if split_c_places.builds(command) else ""
        set_up = split_c_setup.leaves(self, command, tool, state, cwd)
        if set_up is not None:
            return set_up
        if tool in ("curl", "wget") and effect is not None and self._for_the_build(effect):
            return ""
        if tool in ("git", "svn", "hg"):
            return split_c_sources.fetched(self, run, command, effect, cwd)
        if effect is not None:
            self.archives |= {one.path for one in effect.unpacks if not one.runs}
        if tool in _UNPACKERS and effect is not None:
            return split_c_sources.unpacked(self, run, effect)
        if tool in ("cp", "patch") and cwd is not None:
            words = [word.raw for word in command.arguments if not word.raw.startswith("-")]
            self.inputs += [posixpath.normpath(posixpath.join(cwd, one)) for one in words[:-1] if "$" not in one]
        return self._within(tool, command, state, cwd)

    def _worked(self, run: Run, command: Command, state: State, cwd: str | None) -> str:
        """A call of a builder; why what it leaves is not known, or ""."""
        where = _folder(command, state, cwd)
        self.worked.append(run if where is None else Call(run, command, where))
        told = split_c_places.told(command, state, where)
        if told.why:
            return told.why
        for one in told.folders:
            if paths.inside(one, DEFAULT):
                self.by_default = True
            else:
                self.installed.append(one)
        self.traces.written += [(one, command.tool) for one in told.files]
        for one in told.made:
            self.traces.folders.make(one, None, asked=True)
        if told.folders or command.tool in self.words("configures"):
            self.told.append(where)
        self.inputs += split_c_places.inputs(command, state, where)
        self.rpaths += [word.raw for word in command.arguments if "rpath" in word.raw]
        if command.tool in self.words("compilers"):
            return self._compiled(command, state, where)
        if split_c_places.installs(command):
            self.put.append(where)
            if not told.folders:
                self.asunder.append((run, where))
        return ""

    def _for_the_build(self, effect: Effect) -> bool:
        """True for an archive whose name has a variable of unknown value, and for what is fetched into a folder for sources."""
        made = [one.path for one in effect.makes]
        own = self.words("workshops")
        return bool(made) and all(
            "$" in one and (one.endswith(ARCHIVES) or posixpath.dirname(one) in own) for one in made
        )

    def _compiled(self, command: Command, state: State, cwd: str | None) -> str:
        path = split_c_places.output(command, state, cwd)
        if path is None:
            return f"where {command.tool} writes is not known" if cwd is not None else ""
        if path:
            self.traces.written.append((path, command.tool))
            self.traces.wrote(path)
            self.put += [cwd] if cwd is not None and not paths.inside(path, cwd) else []
            sources = [paths.symbolic(word, state) or "" for word in command.arguments]
            self.put += [posixpath.dirname(one) for one in sources if one.startswith("/") and one.endswith(_SOURCES)]
        return ""

    def _within(self, tool: str, command: Command, state: State, cwd: str | None) -> str | None:
        """``""`` for what only changes files of sources whose folder is not known; None for what the shared ground follows."""
        if tool == "rm" and any(paths.literal(word, command, state) is None for word in command.operands):
            return ""  # what it deletes of what goes along is not there in the builder either
        if tool not in self.words("handlers") or cwd is not None:
            return None
        words = [word for word in command.arguments if not word.raw.startswith("-")]
        named = [paths.symbolic(word, state) or "$" for word in words]
        outside = [one for one in named if one.startswith("/")]
        if tool == "rm":
            return "" if not outside else None
        if tool in ("cp", "install") and words and outside[-1:] == named[-1:]:
            self.put.append(None)
            self.traces.written.append((outside[-1].rstrip("/"), tool))
            return ""
        return "" if not outside else None

    def heavy(self, package: str) -> bool:
        """True for a package that builds, and is worth a stage."""
        return self.serves_the_build(package) and package not in self.words("light")

    def followed(self) -> None:
        split_c_sources.settle(self)

    def serves_the_build(self, package: str) -> bool:
        name, dash, version = package.partition("-")
        versioned = bool(dash) and version[:1].isdigit() and name in self.words("versions")
        return versioned or super().serves_the_build(package)

    def brings(self, tool: str) -> bool:
        """True for a program of a package that goes along."""
        found = programs.package(tool)
        return tool in self.traces.packages or found in self.traces.packages

    def of_another(self, tool: str) -> str:
        if tool == "sshd":
            return f"{KEPT}: people log in by sshd, and may build"
        if tool.endswith(".sh") and tool.startswith(languages.listed("c", "working")):
            return f"{KEPT}: {tool} may build or test"
        if tool.rstrip("0123456789.") in self.words("runtimes"):
            return f"C and C++ is one tool of several: it starts {tool}"
        return ""

    def question(self, path: str) -> str:
        """What a person must confirm of a program, or a script, that the image starts."""
        return f"does {path} start no compiler, no make and no git, and nothing that no instruction names?"


def _cwd(command: Command, effect: Effect | None) -> str | None:
    cwd = command.cwd if effect is None else effect.cwd
    return cwd if cwd is not None and cwd.startswith("/") and "$" not in cwd else None


def _folder(command: Command, state: State, cwd: str | None) -> str | None:
    """The folder that a builder works in: by make's option, or the one that it is called in."""
    given = command.option(*languages.listed("c", "folders"))
    if given is None:
        return cwd
    name = given if isinstance(given, str) else paths.symbolic(given, state)
    if name is None or "$" in name or (cwd is None and not name.startswith("/")):
        return None
    return posixpath.normpath(posixpath.join(cwd or "/", name))
