"""C and C++ on the shared ground of splits: what is fetched, built and installed, and what of it goes along.

What is installed lies in folders that calls name, or below /usr/local, which the base image has empty: these go along whole.
Sources that a RUN fetches and installs from stay in the builder, unless something that ships names them. What the author brings
with COPY goes along, as in every language.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from typing import NamedTuple

from rewriter.knowledge import languages, programs
from rewriter.model import paths, split_c_places
from rewriter.model.command import Command
from rewriter.model.effect import Effect
from rewriter.model.file import Step
from rewriter.model.run import Run, nested_script
from rewriter.model.scope import State
from rewriter.model.split_c_places import DEFAULT, shared
from rewriter.model.split_folders import system
from rewriter.model.split_page import Call, Page
from rewriter.model.split_purpose import KEPT
from rewriter.model.split_stage import Against, Shipped
from rewriter.model.split_traces import Traces

#: the files that these set. Source: locale-gen(8), update-locale(8), chpasswd(8), tzdata's postinst
_SETTERS = {
    "locale-gen": ("/usr/lib/locale",),
    "localedef": ("/usr/lib/locale",),
    "locales": ("/usr/lib/locale",),
    "update-locale": ("/etc/default/locale",),
    "tzdata": ("/etc/localtime", "/etc/timezone"),
    "chpasswd": ("/etc/shadow",),
}
_UNPACKERS = frozenset("tar bsdtar unzip".split())
_ARCHIVES = (".tar.gz", ".tgz", ".zip", ".tar.bz2", ".tar.xz", ".tbz2")
#: make files less, or none
_LESSENS = frozenset("rm strip rmdir ls grep wc sort".split())
_SHELLS = frozenset("sh bash ash dash".split())
#: what only changes files of the sources, while it is called in them and names nothing outside
_HANDLERS = frozenset("rm cp mv sed ln touch wget curl mkdir install chmod chown tee awk find cat echo".split())
_PLAIN = re.compile(r"[\w./:@%+=,-]+", re.ASCII)
#: what is linked against has its headers there: it may be linked still when they are taken away again
_HEADERS = ("-dev", "-devel")
#: names of projects in a RUN, without versions
_NAMES = re.compile(r"[a-z][a-z_+]*(?:-[a-z_+]+)*")


class Fetched(NamedTuple):
    """Sources that a RUN fetches: in ``folder``, or with names of their own ``below`` it; None when that is not known. ``there``
    are the folders that were made before."""

    run: Run
    folder: str | None
    below: str | None
    there: frozenset[str] = frozenset()


class CPage(Page):
    """What is fetched, built and installed."""

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
        self.left: list[str] = []
        self.rpaths: list[str] = []
        self.archives: set[str] = set()
        self.linked: list[str] = []
        self.lies: dict[str, str] = {}
        self.inputs: list[str] = []
        self.piped = False
        self.told: list[str | None] = []
        self.asunder: list[tuple[Run, str | None]] = []

    def leaves(self, run: Run, command: Command, tool: str, effect: Effect | None) -> str | None:
        cwd = _cwd(command, effect)
        state = run.state if effect is None else effect.state
        if (
            tool in self.words("pips")
            and self.manager == "apt-get"
            and self.traces.installed & self.words("pip_packages")
        ):
            return self._by_pip(command)
        if tool in self.words("foreign"):
            return f"it runs {tool}: several languages are built in it"
        if tool in _SHELLS and nested_script(command) is not None:
            return ""  # its commands are listed of themselves
        if tool in _SHELLS and command.arguments:
            tool = posixpath.basename(command.arguments[0].value or "")
            return self._worked(run, command, state, cwd) if tool in self.words("scripts") else None
        if tool in self.words("builders"):
            return self._worked(run, command, state, cwd) if split_c_places.builds(command) else ""
        if tool in self.words("harmless"):
            return ""
        if tool in _SETTERS or tool == "dpkg-reconfigure":
            return self._set(command, tool)
        if tool == "dpkg" and command.has("--print-architecture", "-l", "-s", "-L"):
            return ""
        if tool in self.words("sourcing"):
            self.traces.written.append(("/etc/apt/trusted.gpg.d", tool))
            return ""
        if tool in self.words("repeated"):
            return self._repeated(command)
        if tool in ("useradd", "adduser"):
            return self._user(command, state)
        if tool not in _HANDLERS and split_c_places.asks(command):
            return ""
        if tool in ("find", "xargs"):
            return self._many(tool, command)
        if tool in ("curl", "wget") and effect is not None and self._for_the_build(effect):
            return ""
        if tool == "ln":
            return self._linked(command, state, cwd)
        if tool in ("git", "svn", "hg"):
            return self._fetched(run, command, effect, cwd)
        if effect is not None:
            self.archives |= {one.path for one in effect.unpacks if not one.runs}
        if tool in _UNPACKERS and effect is not None:
            return self._unpacked(run, effect)
        return self._within(tool, command, state, cwd)

    def _worked(self, run: Run, command: Command, state: State, cwd: str | None) -> str:
        """A call of a builder; why what it leaves is not known, or ""."""
        where = _folder(command, state, cwd)
        self.worked.append(run if where is None else Call(run, command, where))
        told = split_c_places.told(command, state, where)
        if told.why:
            return told.why
        for one in told.folders:
            if not paths.inside(one, DEFAULT):
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

    def _by_pip(self, command: Command) -> str:
        """Debian's own pip installs below /usr/local. Source: README.Debian of python-pip"""
        named = (command.simple.words[command.head].value or "/").startswith("/")
        if named or command.has(
            "-e", "--editable", "--target", "--prefix", "--user", "--root", "--install-option", "-t"
        ):
            return "where pip installs is not known"
        self.piped = self.piped or command.subcommand == "install"
        return ""

    def _set(self, command: Command, tool: str) -> str:
        """Settings of the system, which are a file each, or a folder."""
        words = [word.value for word in command.operands] if tool == "dpkg-reconfigure" else []
        if any(word not in ("tzdata", "locales") for word in words):
            return f"what {tool} changes is not known"
        for name in (str(word) for word in words) if words else [tool] if tool in _SETTERS else []:
            self.traces.written += [(path, tool) for path in _SETTERS[name]]
        return ""

    def _many(self, tool: str, command: Command) -> str:
        """What goes through files: deleted or stripped ones are so in the builder as well."""
        words = [word.raw for word in command.arguments]
        started = words[words.index("-exec") + 1 :] if "-exec" in words else words if tool == "xargs" else ["rm"]
        first = next((word for word in started if not word.startswith("-") and not word.isdigit()), "")
        return "" if posixpath.basename(first) in _LESSENS else f"what {tool} does to files is not known"

    def _for_the_build(self, effect: Effect) -> bool:
        """True for an archive whose name has a variable of unknown value, and for what is fetched into a folder for sources."""
        made = [one.path for one in effect.makes]
        own = self.words("workshops")
        return bool(made) and all(
            "$" in one and (one.endswith(_ARCHIVES) or posixpath.dirname(one) in own) for one in made
        )

    def _user(self, command: Command, state: State) -> str:
        """A user, whose home folder goes along where it is one of its own."""
        why = self.traces.users.add(command, state)
        given = command.option("-h", "-d", "--home", "--home-dir") if why.startswith("the home folder") else None
        home = given if isinstance(given, str) or given is None else paths.symbolic(given, state)
        name = paths.symbolic(command.arguments[-1], state) or ""
        if home is None or not home.startswith("/") or "$" in home or shared(home) or not _PLAIN.fullmatch(name):
            return why
        self.traces.folders.make(posixpath.normpath(home), name)
        return ""

    def _repeated(self, command: Command) -> str:
        """What sets up a package is done again, once the package is there."""
        words = [word.value for word in command.simple.words[command.head :]]
        if not command.place.certain or any(word is None or not _PLAIN.fullmatch(word) for word in words):
            return f"what {command.tool} changes is not known"
        named = {posixpath.basename(word or "").partition("-")[0] for word in words[1:]}
        if command.tool == "update-alternatives" and named & (self.words("builders") | {"gcov", "cpp"}):
            return ""  # of a compiler, which stays
        self.again.append(" ".join(word for word in words if word is not None))
        return ""

    def _linked(self, command: Command, state: State, cwd: str | None) -> str:
        """A link is made again: COPY would bring what it leads to, or nothing."""
        words = [word for word in command.arguments if not word.raw.startswith("-")]
        named = [paths.symbolic(word, state) for word in words]
        symbolic = command.has("-s", "--symbolic")
        absolute = [None if one is None or "$" in one else _joined(one, cwd) for one in named]
        if len(words) == 1 and cwd is not None:
            absolute.append(posixpath.join(cwd, posixpath.basename((named[0] or "$").rstrip("/"))))
        target = absolute[-1] if absolute else None
        if len(absolute) != 2 or target is None:
            return "where ln writes is not known"
        if target.endswith("/") or self.traces.folders.known(target):
            target = posixpath.join(target, posixpath.basename((named[0] or "$").rstrip("/")))
        if any(paths.inside(target, one) for one in self.installed) or target == "/etc/localtime":
            self.linked.append(absolute[0] or "")
            self.traces.written.append((target, "ln"))
            return ""
        source = absolute[0]
        if symbolic and named[0] and not named[0].startswith("/"):
            source = posixpath.normpath(posixpath.join(posixpath.dirname(target), named[0]))
        if not symbolic or source is None or not _PLAIN.fullmatch(source + target) or not command.place.certain:
            return "it links what is not known"
        self.linked.append(source)
        self.lies[f"ln -sfn {named[0]} {target}"] = target
        return ""

    def _compiled(self, command: Command, state: State, cwd: str | None) -> str:
        path = split_c_places.output(command, state, cwd)
        if path is None:
            return f"where {command.tool} writes is not known" if cwd is not None else ""
        if path:
            self.traces.written.append((path, command.tool))
            self.traces.wrote(path)
            self.put += [cwd] if cwd is not None and not paths.inside(path, cwd) else []
        return ""

    def _fetched(self, run: Run, command: Command, effect: Effect | None, cwd: str | None) -> str:
        if command.subcommand not in ("clone", "checkout", "co", "export") or (command.tool == "git") != (
            command.subcommand == "clone"
        ):
            return ""
        made = [] if effect is None else [one.path for one in effect.makes]
        known = made and made[0].startswith("/") and "$" not in made[0]
        if not known:
            self.fetched.append(Fetched(run, None, cwd))
            return ""
        self.fetched.append(Fetched(run, made[0], None))
        self.traces.wrote(made[0])
        self.traces.folders.make(made[0], None)
        return ""

    def _unpacked(self, run: Run, effect: Effect) -> str | None:
        made = [one.path for one in effect.makes]
        if not made:
            return ""  # it packs, or lists
        where = made[0]
        if not where.startswith("/") or "$" in where:
            self.fetched.append(Fetched(run, None, None))
            return ""
        if self.traces.folders.known(where) and not any(paths.inside(where, one) for one in self.traces.folders.made):
            if paths.inside(where, DEFAULT) and where not in self.words("workshops"):
                return ""  # it goes along whole
            self.fetched.append(Fetched(run, None, where, frozenset(self.traces.folders.made)))
            return ""
        self.fetched.append(Fetched(run, where, None))
        self.traces.folders.make(where, None)
        return ""

    def _within(self, tool: str, command: Command, state: State, cwd: str | None) -> str | None:
        """``""`` for what only changes files of sources whose folder is not known; None for what the shared ground follows."""
        if tool == "rm" and any(paths.literal(word, command, state) is None for word in command.operands):
            return ""  # what it deletes of what goes along is not there in the builder either
        if tool not in _HANDLERS or cwd is not None:
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
        """All RUNs are followed: which folders go along, and which sources stay.

        Raises:
            Against: it is not known where the program lies.
        """
        named = self._named()
        self._placed()
        self.sources = self._sources()
        packages = self.traces.packages
        packages += [one for one in self.traces.removed if one.endswith(_HEADERS) and one not in packages]
        self._deleted()
        for one in self.fetched:
            self._judge(one, named)
        for call in self.worked:
            if isinstance(call, Run):
                if not self.put:
                    raise Against(
                        _step(self.stage, call), "the folder in which it builds is not known, and nothing is installed"
                    )
            elif call.command.tool in self.words("compilers") and shared(call.cwd):
                continue  # its option names what it writes
            elif not any(paths.inside(call.cwd, one) for one in self.left) and not self._put_from(call.cwd):
                self.calls.append(call)
        made = self.traces.folders.made
        self.traces.folders.made = [one for one in made if not any(paths.inside(one, place) for place in self.left)]
        written = self.traces.written
        self.traces.written = [one for one in written if not self._of_the_sources(*one, named)]
        self.installed = [one for one in self.installed if not any(paths.inside(one, place) for place in self.left)]

    def _of_the_sources(self, path: str, tool: str, named: list[str]) -> bool:
        """True for a file that lies among sources that stay, and for an archive that is unpacked or waits to be."""
        archive = path in self.archives or (
            tool in ("curl", "wget") and posixpath.dirname(path) in self.words("workshops")
        )
        return any(paths.inside(path, place) for place in self.left) or (archive and path not in named)

    def _placed(self) -> None:
        """Where calls that name no folder install.

        Raises:
            Against: it is not known, or the project is known to go its own way.
        """
        for run, where in self.asunder:
            step, words = _step(self.stage, run), projects(run.visible.text)
            own = sorted(words & self.words("elsewhere"))
            if own:
                raise Against(step, f"`make install` of {own[0]} puts files beside {DEFAULT}")
            configured = any(one is None or where is None or _related(one, where) for one in self.told)
            if (
                not configured
                and not words & self.words("plain")
                and not any(paths.inside(one, DEFAULT) for one in self._begun())
            ):
                raise Against(
                    step, "where `make install` puts files is not known: nothing configures it, and no option says"
                )

    def _sources(self) -> list[str]:
        """Where packages come from, where the author says so."""
        files = {*self.traces.folders.files, *(path for path, _ in self.traces.written)}
        own = [one for one in languages.listed("c", "sources") if any(paths.inside(path, one) for path in files)]
        self.traces.folders.files -= {path for path in files if any(paths.inside(path, one) for one in own)}
        return own

    def _deleted(self) -> None:
        """What is deleted stays so.

        Raises:
            Against: a package may bring it again in the final stage.
        """
        own = [*self.traces.folders.made, *self.installed, *(path for path, _ in self.traces.written)]
        for path, index, _ in self.traces.gone:
            folder = path.rstrip("/*") or "/"
            kept = any(paths.inside(folder, one) for one in (*own, *self.words("rubbish"))) or not system(folder)
            if not kept and folder not in self.traces.folders.files:
                step = next((one for one in self.stage.steps if one.index == index), self.stage.stage.steps[0])
                raise Against(step, f"it deletes {path}, which a package may bring again in the final stage")

    def _judge(self, one: Fetched, named: list[str]) -> None:
        """Whether fetched sources go along or stay; in ``left`` are those that stay.

        Raises:
            Against: what is fetched is not known.
        """
        places = [one.folder] if one.folder is not None else self._below(one)
        for place in places:
            wanted = any(paths.inside(name, place) for name in named)
            deleted = any(paths.inside(place, folder.rstrip("/*") or "/") for folder, _, _ in self.traces.gone)
            if wanted or not (deleted or self._put_from(place) or self._only_read(place)):
                if one.folder is None:
                    self.traces.folders.make(place, None)
            else:
                self.left.append(place)
        if one.folder is not None or (one.below in self.words("workshops") and self.put):
            return
        unpacked = sum(each.below == one.below for each in self.fetched)
        if places and unpacked <= len(places):
            return
        if one.below is not None and any(
            paths.inside(one.below, folder.rstrip("/*")) for folder, _, _ in self.traces.gone
        ):
            return
        if None in self.put and unpacked <= sum(each is None for each in self.put):
            self.left += [] if one.below is None else [f"what a RUN unpacks into {one.below}"]
            return
        raise Against(
            _step(self.stage, one.run), f"what it fetches into {one.below or 'a folder'} may be what the program needs"
        )

    def _only_read(self, place: str) -> bool:
        """True for sources that another build is told to take in: ``--add-module=../x``."""
        return place in self.inputs

    def _below(self, one: Fetched) -> list[str]:
        """The folders in which something is built, and that an archive may have brought."""
        folder = one.below
        if folder is None:
            return []
        found = []
        known = {*one.there, *self.copied, *(each.folder for each in self.fetched if each.folder is not None)}
        for path in (*(call.cwd for call in self.worked if isinstance(call, Call)), *self.inputs):
            if path != folder and paths.inside(path, folder):
                place = posixpath.join(folder, path.removeprefix(folder).strip("/").split("/")[0])
                found += [] if place in known or shared(place) else [place]
        return list(dict.fromkeys(found))

    def _put_from(self, place: str) -> bool:
        """True where something is installed from a folder, or one below or above it."""
        known = [one for one in self.put if one is not None]
        return any(paths.inside(one, place) or (not shared(one) and paths.inside(place, one)) for one in known)

    def _begun(self) -> list[str]:
        """The paths that a container starts with."""
        begin = [one for one in self.stage.steps if one.name in ("CMD", "ENTRYPOINT", "HEALTHCHECK", "VOLUME")]
        return _absolutes(step.instruction.body.text for step in begin)

    def _named(self) -> list[str]:
        """The paths that the image names when it runs: in what it starts, in variables, and in what RUNs print."""
        end = self.stage.end
        values = [value or "" for name, value in end.environment.items() if name != "PKG_CONFIG_PATH"]
        printed = [
            command.words_text
            for run in self.stage.runs.values()
            for command in run.commands
            if command.tool in self.words("printing")
        ]
        files = [
            doc.content.of(run.file.source) for run in self.stage.runs.values() for doc in run.instruction.heredocs
        ]
        texts = [*values, end.workdir or "/", *self.rpaths, *printed, *files]
        return [*self._begun(), *_absolutes(texts), *(one for one in self.linked if one)]

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


def _joined(path: str, cwd: str | None) -> str | None:
    if path.startswith("/"):
        return posixpath.normpath(path) + ("/" if path.endswith("/") else "")
    return None if cwd is None else posixpath.normpath(posixpath.join(cwd, path))


def _related(one: str, other: str) -> bool:
    return paths.inside(one, other) or paths.inside(other, one)


def projects(text: str) -> frozenset[str]:
    """The names in a text that projects may have, without versions."""
    return frozenset(_NAMES.findall(text.lower()))


def _absolutes(texts: Iterable[str]) -> list[str]:
    found = [word for text in texts for word in _words(text) if word.startswith("/") and word != "/"]
    return [posixpath.normpath(word) for word in found]


def _words(text: str) -> list[str]:
    for sign in "[]\"',=:;|<>()`":
        text = text.replace(sign, " ")
    return text.split()


def _step(stage: Shipped, run: Run) -> Step:
    return next(one for one in stage.steps if one.index == run.index)
