"""What the commands of a RUN leave that the program may need, beside what go builds."""

from __future__ import annotations

import posixpath
from typing import NamedTuple

from rewriter.knowledge import golang
from rewriter.model import apt, effects, go_make, go_users, go_wrapper, paths
from rewriter.model.command import Command, command_of
from rewriter.model.effect import Effect
from rewriter.model.go_build import Built, Unknown, built, shell_sets
from rewriter.model.go_folders import Folders
from rewriter.model.go_sources import Sources
from rewriter.model.go_users import Users
from rewriter.model.run import Run
from rewriter.syntax.script import Simple

#: leave nothing that an image needs, beside what is printed into a file
_HARMLESS = frozenset(
    "cd set export unset true false : echo ls pwd which test [ printf cat date env seq grep head tail sort sleep command type id "
    "whoami uname update-ca-certificates awk cut tr wc sha1sum sha256sum sha512sum md5sum ssh-keyscan du df hostname".split()
)
#: change files where they lie
_IN_PLACE = frozenset("strip sed upx gunzip gzip touch".split())
#: make files where their words say
_MAKERS = frozenset("cp mv ln install tee touch tar unzip curl wget gunzip gzip".split())
_PACKAGES = frozenset("update upgrade clean autoclean autoremove purge remove del dist-upgrade info".split())


class Traces:
    """What the RUNs of the builder leave, filled in from RUN to RUN.

    ``programs`` are what go built; ``packages`` what is installed at the end, ``installed`` what ever was, ``virtual`` their
    groups, ``pinned`` those of one version; ``recommends`` is True when apt installs what they recommend, too. ``folders`` are
    those that are made, and their owners. ``written`` are paths of files that commands write, with the command's name;
    ``unsure`` those that may not be written. ``gone`` is what was deleted, with the instruction and whether whole folders
    certainly are. ``asks`` are questions to a person. ``unseen`` stands for what make may build while the context is not seen,
    which is what ``blind`` says. ``generated`` is True after go generate, ``tests`` after go test, ``cloned`` after git clone;
    ``auto_modules`` where GO111MODULE decides (before Go 1.16). ``only_fetches``: see
    :func:`rewriter.model.go_build.built`. ``no_wrapper`` says why there is no go-wrapper, or is "".
    """

    def __init__(self, folders: Folders) -> None:
        self.programs: list[Built] = []
        self.packages: list[str] = []
        self.installed: set[str] = set()
        self.folders = folders
        self.users = Users()
        self.written: list[tuple[str, str]] = []
        self.gone: list[tuple[str, int, bool]] = []
        self.pinned: set[str] = set()
        self.recommends = False
        self.virtual: dict[str, list[str]] = {}
        self.unseen: Built | None = None
        self.only_fetches = False
        self.auto_modules = False
        self.unsure: set[str] = set()
        self.asks: list[str] = []
        self.blind = False
        self.no_wrapper = ""
        self.tests = False
        self.cloned = False
        self.generated = False


class Refused(NamedTuple):
    """Why a RUN cannot be judged; completes "left alone, because ..."."""

    why: str


def follow(run: Run, traces: Traces, sources: Sources | None) -> Refused | None:
    """Add what the RUN leaves to ``traces``."""
    if run.script is None and run.form != "exec":
        return Refused("its script cannot be read")
    each = {id(effect.command.simple): effect for effect in effects.of(run).each}
    for command in run.commands:
        effect = each.get(id(command.simple))
        why = _redirects(run, command, traces) or _variables(run, command, sources)
        there, moved = (run, command) if command.tool == "make" else _there(run, command, effect)
        why = why or _command(there, moved, traces, sources, effect)
        if why:
            return Refused(why)
    return None


def _redirects(run: Run, command: Command, traces: Traces) -> str:
    """The files that a command prints into; why they are not known, or ""."""
    written = [one for one in command.simple.redirects if one.operator not in ("<", "<<", "<<<", "<<-", ">&", "<&")]
    for one in written:
        path = paths.literal(one.target, command, run.state)
        if path is None:
            return f"{command.tool or 'it'} writes a file, which the program may read"
        if not path.startswith("/dev/"):
            traces.written.append((path, command.tool))
            traces.unsure |= set() if command.place.certain else {path}
    return ""


def _variables(run: Run, command: Command, sources: Sources | None) -> str:
    """Why what the shell of the RUN sets may change what go or make does in a way that is not followed, or ""."""
    if command.tool == "make" and any(one.tool in ("export", "unset") or not one.tool for one in run.commands):
        return "the RUN sets variables of its shell" if sources is not None else ""
    name = shell_sets(run, sources is None) if command.tool in ("go", "go-wrapper", "godep") else ""
    return f"the RUN sets {name} in its shell" if name else ""


def _there(run: Run, command: Command, effect: Effect | None) -> tuple[Run, Command]:
    """The RUN and the command with the variables and the folder that the script has set up to there."""
    if effect is None or (effect.state == run.state and command.cwd is not None):
        return run, command
    cwd = effect.cwd if effect.cwd is not None and effect.cwd.startswith("/") and "$" not in effect.cwd else command.cwd
    moved = command_of(command.simple, command.place, cwd, command.editable)
    if effect.state == run.state:
        return run, moved
    return Run(run.instruction, run.index, effect.state, run.stage, run.file), moved


def _command(run: Run, command: Command, traces: Traces, sources: Sources | None, effect: Effect | None) -> str:
    tool = command.tool
    if not tool and command.simple.words:
        tool = _named(run, command)
    if not tool:
        return "" if command.simple.assignments and not command.simple.words else "a command is only known when it runs"
    if tool == "go":
        return _go(run, command, traces, sources)
    if tool == "go-wrapper":
        return _wrapper(run, command, traces, sources)
    if tool == "godep" and [word.value for word in command.arguments[:1]] == ["go"]:
        return _go(run, _without(command, 1), traces, sources)
    if tool in golang.names("commands", "builders"):
        return ""
    if tool in golang.names("commands", "generators"):
        traces.generated = True
        return ""
    if tool == "git":
        traces.cloned = traces.cloned or command.subcommand in ("clone", "pull", "checkout", "submodule")
        return ""
    if tool in ("curl", "wget", "sh", "bash") and _installer(run, command):
        return ""
    if tool in ("apt-get", "apt", "apk"):
        return _packages(run, command, traces)
    if tool == "make":
        return _make(run, command, traces, sources)
    if tool == "mkdir":
        return traces.folders.mkdir(run, command)
    if tool in go_users.TOOLS:
        return traces.users.add(command)
    if traces.blind and any(posixpath.basename(one.path) == tool for one in traces.programs):
        traces.asks.append(f"does it read files that {tool} leaves when it runs in the build?")
        return ""
    if tool in ("chown", "chgrp", "chmod"):
        return traces.folders.give(run, command)
    if tool == "rm":
        return _deletes(run, command, traces)
    if tool in ("cp", "mv") and _moved(run, command, traces):
        return ""
    return _files(tool, command, traces, effect)


def _named(run: Run, command: Command) -> str:
    """The tool whose path has variables of known value, or ""."""
    name = (
        paths.symbolic(command.simple.words[command.head], run.state)
        if command.head < len(command.simple.words)
        else None
    )
    return posixpath.basename(name) if name and "$" not in name else ""


def _without(command: Command, count: int) -> Command:
    """The command that follows ``count`` words: ``go build`` of ``godep go build``."""
    simple = command.simple
    words = simple.words[command.head + count :]
    inner = Simple(simple.start, simple.end, simple.assignments, words, simple.redirects)
    return command_of(inner, command.place, command.cwd, False)


def _deletes(run: Run, command: Command, traces: Traces) -> str:
    gone = [paths.literal(word, command, run.state) for word in command.operands]
    whole = command.place.certain and command.has("-r", "-R", "--recursive")
    traces.gone += [(one, run.index, whole) for one in gone if one is not None]
    return "" if None not in gone else "what it deletes is not known"


def _files(tool: str, command: Command, traces: Traces, effect: Effect | None) -> str:
    """A tool that makes or changes files where its words say."""
    changes = tool in _IN_PLACE and (tool != "sed" or command.has("-i", "--in-place"))
    made = [one.path for one in effect.makes] if effect is not None and tool in _MAKERS else []
    if changes and effect is not None:
        made += _changed(tool, command, traces, effect)
    if tool in ("curl", "wget") and (command.place.piped or command.has("-s", "-I")) and not made:
        return ""  # printed, and taken by what follows
    if ((tool in _MAKERS or changes) and not made) or (traces.blind and tool == "touch" and command.options):
        return f"where {tool} writes is not known"
    if any(not path.startswith("/") or "$" in path for path in made):
        return f"where {tool} writes is not known"
    if tool == "mv" and effect is not None:
        traces.gone += [(path, 0, False) for path in effect.deletes]
    if tool == "ln" and effect is not None and not traces.blind:
        made += [path for path in effect.reads if path.startswith("/")]
    made = [path for path in made if path != "/dev/null"]
    traces.written += [(path, tool) for path in made]
    traces.unsure |= set() if command.place.certain else set(made)
    known = tool in _MAKERS or tool in _IN_PLACE or tool in _HARMLESS
    return "" if known else f"it runs {tool}, which may leave files that the program needs"


def _changed(tool: str, command: Command, traces: Traces, effect: Effect) -> list[str]:
    """The files that a tool changes where they lie; none where they are not known for certain and have to be."""
    if tool in ("strip", "upx"):  # a program of go's is one still
        return [path for path in effect.reads if not any(path == one.path for one in traces.programs)] or ["/dev/null"]
    if not traces.blind:
        return list(effect.reads)
    if tool != "sed" or command.has("-e", "--expression", "-f", "--file"):
        return []
    named = (effect.path(word) for word in command.operands[1:] if not word.pattern)
    return [path for path in named if path is not None]


def _make(run: Run, command: Command, traces: Traces, sources: Sources | None) -> str:
    """What a simple Makefile of the context does."""
    if sources is None:
        cgo = run.state.environment.get("CGO_ENABLED") or ""
        traces.unseen = Built("", "", run, command, cgo)
        return ""
    if command.cwd is None or command.options or command.environment:
        return "it runs make, and what its Makefile does is not seen"
    text = next(
        (one for name in ("GNUmakefile", "makefile", "Makefile") if (one := sources.text(f"{command.cwd}/{name}"))), ""
    )
    words = [word.value for word in command.arguments]
    if not text or None in words:
        return "it runs make, and what its Makefile does is not seen"
    given = dict(word.split("=", 1) for word in words if word and "=" in word)
    targets = [word for word in words if word and "=" not in word]
    found = go_make.commands(text, targets, given, sources.beside(command.cwd), command.cwd, run.state.environment)
    if isinstance(found, str):
        return f"it runs make: {found}"
    steps = (_redirects(run, one, traces) or _command(run, one, traces, sources, None) for one in found)
    return next((why for why in steps if why), "")


def _installer(run: Run, command: Command) -> bool:
    """True for fetching a tool that a build uses, and for the shell that runs its installer."""
    if command.tool in ("sh", "bash"):
        fetched = [one for one in run.commands if one.tool in ("curl", "wget")]
        alone = not [word for word in command.arguments if word.raw not in ("-", "-s", "--")]
        return alone and command.place.piped and bool(fetched) and all(_installer(run, one) for one in fetched)
    text = " ".join(word.raw for word in command.arguments)
    target = command.option("-o", "-O", "--output", "--output-document")
    path = target if isinstance(target, str) or target is None else target.value
    known = any(one in text for one in golang.listed("commands", "installers"))
    return known and (path is None or posixpath.basename(path) in golang.names("commands", "builders") or path == "-")


def _go(run: Run, command: Command, traces: Traces, sources: Sources | None) -> str:
    if command.subcommand not in ("build", "install", "get"):
        if command.subcommand == "run":
            return "go run may leave anything"
        if command.subcommand not in golang.names("commands", "harmless"):
            return f"go {command.subcommand} is not known"
        if command.subcommand == "env" and command.has("-w", "-u"):
            return "go env -w changes what every later call does"
        if command.subcommand == "mod" and [word.value for word in command.arguments[1:2]] == ["edit"]:
            return "go mod edit changes which modules it is built of"
        traces.generated = traces.generated or command.subcommand == "generate"
        traces.tests = traces.tests or command.subcommand in ("test", "vet")
        return ""
    if sources is not None and traces.auto_modules and "GO111MODULE" in dict(command.environment):
        return "GO111MODULE is set for one command: how the program is called depends on it"
    if traces.blind and _on_the_side(command):
        traces.asks.append("does anybody call what go builds under a condition? It stays in the builder")
        return ""
    arch = {**run.state.environment, **dict(command.environment)}.get("GOARCH")
    if traces.blind and arch and command.subcommand != "build":
        traces.asks.append(
            f"is the image built on linux/{arch}? Elsewhere go install puts the program into another folder"
        )
    found = built(run, command, sources, traces.only_fetches)
    if isinstance(found, Unknown):
        return found.why
    if any(traces.folders.known(one.path) or (sources is not None and sources.holds(one.path)) for one in found):
        return "whether -o names a file or a folder is not known"
    traces.programs += found
    return ""


def _wrapper(run: Run, command: Command, traces: Traces, sources: Sources | None) -> str:
    """What go-wrapper calls go for."""
    inner = go_wrapper.called(command)
    if traces.no_wrapper or inner is None:
        return traces.no_wrapper or "how go-wrapper is called is not modelled"
    other = go_wrapper.another_name(inner.cwd, sources) if sources is not None and inner.cwd else ""
    return f"{other} gives the program another name" if other else _go(run, inner, traces, sources)


def _on_the_side(command: Command) -> bool:
    """True for tools of others that are installed under a condition."""
    words = [word.value or "." for word in command.arguments[1:] if not word.raw.startswith("-")]
    remote = all("." in word.partition("/")[0].lstrip(".") and "..." not in word for word in words)
    return not command.place.certain and command.subcommand in ("get", "install") and bool(words) and remote


def _packages(run: Run, command: Command, traces: Traces) -> str:
    words = _words(run, command)
    if command.subcommand in ("del", "purge", "remove"):
        for name in words:
            for one in traces.virtual.get(name or "", [name or ""]):
                if one in traces.packages:
                    traces.packages.remove(one)
        return ""
    if command.subcommand in _PACKAGES:
        return ""
    elsewhere = command.has("-X", "--repository", "--allow-untrusted", "--default-release", "--target-release")
    if command.subcommand not in ("install", "add") or None in words or elsewhere:
        return f"what {command.tool} {command.subcommand} installs is not known"
    literal = command.tool != "apk" and all(word.value is not None for word in command.operands)
    asked = apt.asked_for(command) if literal else [str(word) for word in words]
    plain = [name.partition("=")[0].partition(">")[0].partition("<")[0].partition("~")[0] for name in asked]
    if any(name.startswith((".", "/")) or "/" in name or "@" in name for name in plain):
        return f"what {command.tool} {command.subcommand} installs is not known"
    traces.installed |= set(plain)
    traces.pinned |= {str(word).partition("=")[0] for word in words if "=" in str(word)}
    traces.recommends = traces.recommends or not command.has("--no-install-recommends")
    traces.packages += [name for name in plain if name not in traces.packages]
    group = command.option("-t", "--virtual")
    name = group if isinstance(group, str) or group is None else group.value
    if name:
        traces.virtual[name] = plain
    return ""


def _words(run: Run, command: Command) -> list[str | None]:
    """The operands; a variable of known value may be several."""
    found: list[str | None] = []
    for word in command.operands:
        text = word.value if word.value is not None else paths.symbolic(word, run.state)
        plain = text is not None and "$" not in text
        found += (text or "").split() if plain and word.value is None else [text if plain else None]
    return found


def _moved(run: Run, command: Command, traces: Traces) -> bool:
    """True for a program that go built and that is put elsewhere."""
    places = [paths.literal(word, command, run.state) for word in command.operands]
    if len(places) != 2 or None in places or any(word.pattern for word in command.operands):
        return False
    source, target = str(places[0]), str(places[1])
    known = next((one for one in traces.programs if one.may_be(source)), None)
    if known is None or not command.place.certain:
        return False
    if target.endswith("/") or traces.folders.known(target):
        target = posixpath.join(target, posixpath.basename(source))
    if command.tool == "mv" and posixpath.basename(known.path) != "*":
        traces.programs.remove(known)
    traces.programs.append(known._replace(path=target, named=known.named or traces.blind))
    return True
